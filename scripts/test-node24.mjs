// `npm run test:node24`: the unit and integration tests on Node 24, whatever runs this.
import { NEWER, newerNode } from './node24.mjs'
import { close, vitest } from './runners.mjs'
import { build, install, must } from './steps.mjs'

await install()
await must('npx', ['tsc', '-b'])
await build()
const newer = newerNode()
if (newer === undefined) {
  console.error(`Node ${NEWER} is not to be had here.`)
  process.exit(1)
}
close([await vitest('node24', ['--project=unit', '--project=system'], newer)])
