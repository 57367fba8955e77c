/**
 * Runs a TypeScript bench on any supported Node: `npm run bench -- <name> …` or
 * `node bench/run.mjs bench/<name>.bench.ts …`.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runnerImport } from 'vite'

const ending = '.bench.ts'
const [, , name, ...rest] = process.argv
const named = join(import.meta.dirname, `${name}${ending}`)
const file = name === undefined || existsSync(named) ? named : resolve(name)
if (!existsSync(file)) {
  const names = readdirSync(import.meta.dirname).filter((other) => other.endsWith(ending))
  const list = names.map((other) => other.slice(0, -ending.length)).join(', ')
  console.error(`Which bench? npm run bench -- <name>, one of ${list}`)
  process.exit(1)
}
process.argv = [process.argv[0], file, ...rest]
// As it runs for people: Yjs freezes what it reads otherwise.
process.env.NODE_ENV ??= 'production'
// The workspace's packages from their sources, so that nothing has to be built first.
const fromSources = { conditions: ['wardline-source'], noExternal: [/^@wardline\//] }
await runnerImport(file, {
  configFile: false,
  logLevel: 'error',
  environments: { inline: { resolve: fromSources } },
})
