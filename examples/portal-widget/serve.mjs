// `npm run example:portal`: builds the widget and serves it in the page of a portal.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { build } from 'vite'

const { PORT = '8090', HOST = 'localhost', WARDLINE_URL = 'http://localhost:8080' } = process.env
const root = import.meta.dirname
const server = new URL(WARDLINE_URL).origin

const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

/** What a portal has to allow for the widget: its script, and the clinic's server. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "worker-src 'self'",
  `connect-src 'self' ${server} ${server.replace(/^http/, 'ws')}`,
].join('; ')

const widget = async () => {
  const [{ output }] = await build({
    configFile: join(root, 'vite.config.ts'),
    build: { write: false },
    logLevel: 'warn',
  })
  return output[0].code
}

const page = async (name) => {
  const text = await readFile(join(root, 'portal', name), 'utf8')
  return text.replaceAll('{{server}}', server)
}
const files = new Map([['/wardline-chat.js', await widget()]])
for (const name of ['index.html', 'portal.css', 'portal.js', 'service-worker.js'])
  files.set(`/${name === 'index.html' ? '' : name}`, await page(name))

const http = createServer(({ url = '/' }, response) => {
  const path = url.split('?')[0] ?? '/'
  const body = files.get(path)
  if (body === undefined) return response.writeHead(404).end()
  response.writeHead(200, {
    'Content-Type': types[extname(path) || '.html'],
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-cache',
  })
  response.end(body)
})
http.listen(Number(PORT), HOST, () => {
  const { port } = http.address()
  const address = `http://${HOST}:${port}`
  console.log(`A portal with the widget is at ${address}`)
  console.log(`Start the server of the clinic at ${server} with CLIENT_URL=${address}`)
})
