/** Runs a TypeScript bench on any supported Node: `node bench/run.mjs bench/<name>.bench.ts …`. */
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const [, , file, ...rest] = process.argv
if (file === undefined) throw new Error('which bench?')
process.argv = [process.argv[0], resolve(file), ...rest]
await runnerImport(resolve(file), { configFile: false, logLevel: 'error' })
