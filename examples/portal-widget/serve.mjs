// `npm run example:portal`: builds the widget and serves it in the page of a portal.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
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

const page = async (name, tokenUrl = '') => {
  const text = await readFile(join(root, 'portal', name), 'utf8')
  return text.replaceAll('{{server}}', server).replaceAll('{{token-url}}', tokenUrl)
}
const files = new Map([['/wardline-chat.js', await widget()]])
for (const name of ['index.html', 'portal.css', 'portal.js', 'service-worker.js'])
  files.set(`/${name === 'index.html' ? '' : name}`, await page(name))
// The same page for who is signed in to the portal, and so in the chat as well.
files.set('/mine', await page('index.html', '/chat-token'))

// The portal's own users. A real one has more of them, and keeps its key.
const users = new Map([
  ['kim', 'Kim Berg'],
  ['lee', 'Lee Park'],
])
const { publicKey, privateKey } = await generateKeyPair('ES256')
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'portal', alg: 'ES256' }] }

/** For a quarter of an hour: the widget comes again. */
const chatToken = (user, origin) =>
  new SignJWT({ name: users.get(user) })
    .setProtectedHeader({ alg: 'ES256', kid: 'portal' })
    .setIssuer(origin)
    .setAudience('wardline')
    .setSubject(user)
    .setExpirationTime('15m')
    .sign(privateKey)

const answer = (response, status, body) => {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}

const http = createServer(async ({ url = '/', headers }, response) => {
  const path = url.split('?')[0] ?? '/'
  if (path === '/jwks.json') return answer(response, 200, keys)
  if (path === '/chat-token') {
    const [, user = ''] = /(?:^|; )portal-user=(\w+)/.exec(headers.cookie ?? '') ?? []
    if (!users.has(user)) return answer(response, 401, {})
    return answer(response, 200, { token: await chatToken(user, `http://${headers.host}`) })
  }
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
  console.log(`and, for ${address}/mine, TOKEN_ISSUER=${address} TOKEN_AUDIENCE=wardline`)
  console.log(`TOKEN_JWKS_URL=${address}/jwks.json, and a cookie portal-user=kim`)
})
