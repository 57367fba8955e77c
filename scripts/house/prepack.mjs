// Before `npm pack` of a package: builds it, and takes out of `dist` what a source no longer gives.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { must, root } from '../steps.mjs'

const folder = process.cwd()
const projects = ['core/tsconfig.node.json', 'core/tsconfig.yjs.json']
await must('npx', ['tsc', '-b', ...projects.map((path) => join(root, path))])

const BUILT = /^(.+)\.(?:d\.ts|js)(?:\.map)?$/
for (const file of readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })) {
  const source = BUILT.exec(file)?.[1]
  if (source !== undefined && !existsSync(join(folder, 'src', `${source}.ts`)))
    rmSync(join(folder, 'dist', file))
}
