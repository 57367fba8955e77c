/** A page of one script, built by Vite from the sources and served on this machine. */
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')

export interface ScriptPage {
  /** A secure context, as localhost is one. */
  readonly url: string
  /** Of its files; for what else belongs to it. */
  readonly folder: string
  remove(): Promise<void>
}

/**
 * @param script path of the module, from the root of the repository
 * @param aliases modules that it imports by another name → their paths, from the root as well
 */
export const openScriptPage = async (
  script: string,
  aliases: Readonly<Record<string, string>> = {},
): Promise<ScriptPage> => {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-page-'))
  const paths = Object.entries(aliases).map(([name, path]) => [name, join(root, path)])
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      conditions: ['wardline-source', 'module', 'browser', 'production'],
      dedupe: ['yjs', 'lib0'],
      alias: Object.fromEntries(paths),
    },
    build: {
      outDir: folder,
      lib: { entry: join(root, script), formats: ['es'], fileName: () => 'page.js' },
    },
  })
  await writeFile(join(folder, 'index.html'), '<script type="module" src="/page.js"></script>')
  const server = createServer(async (request, response) => {
    const file = request.url === '/page.js' ? 'page.js' : 'index.html'
    response.setHeader('Content-Type', file === 'page.js' ? 'text/javascript' : 'text/html')
    response.end(await readFile(join(folder, file)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    folder,
    async remove() {
      server.close()
      server.closeAllConnections()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
