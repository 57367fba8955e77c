/** The app as it is delivered. */
import { join, resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')

/** Builds it; returns the folder. */
export const buildApp = async (): Promise<string> => {
  const outDir = join(root, '.cache/bench/pwa')
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  })
  return outDir
}
