/** Everything that a device signed in with, tried once more, in each way that leads to the server. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writerFrom } from '@wardline/core/base/client-id'
import { parseDeviceId } from '@wardline/core/base/ids'
import { PROTOCOL_VERSION, writeClientFrame } from '@wardline/core/protocol/frames'
import { plainProtocols } from '@wardline/core/protocol/plain-protocols'
import { WebSocket } from 'ws'
import { caller } from './http-caller.ts'

/** A device that is signed in, by what it holds. */
export interface HeldSession {
  readonly id: string
  readonly token: string
  /** As it goes back. */
  readonly cookie: string
  readonly device: string
}

export const cookieOf = (headers: Headers): string =>
  (headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''

/** Signs in as a new device. Throws when the server refuses. */
export const holdSession = async (
  url: string,
  email: string,
  password: string,
  deviceName?: string,
): Promise<HeldSession> => {
  const device = randomBytes(8).toString('hex')
  const body = { email, password, device, ...(deviceName && { deviceName }) }
  const {
    status,
    body: answer,
    headers,
  } = await caller(url, undefined)('POST', '/api/auth/login', body)
  if (status !== 200) throw new Error(`sign-in: ${status} ${JSON.stringify(answer)}`)
  const token: string = answer.accessToken
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  return { id: claims.sid, token, cookie: cookieOf(headers), device }
}

/** What became of it over HTTP by token and by cookie, over `/socket` and over `/sync`. */
export interface Verdicts {
  readonly http: string
  readonly cookie: string
  readonly socket: string
  readonly sync: string
}

/** Of each way `ok`, an error's code, or the code that a socket was closed with. */
export const tryAll = async (
  url: string,
  { token, cookie, device }: HeldSession,
): Promise<Verdicts> => {
  const asked = await caller(url, token)('GET', '/api/chat/chats')
  const renewed = await caller(url, undefined)('POST', '/api/auth/refresh?keep=true', undefined, {
    cookie,
  })
  return {
    http: asked.body.error?.code ?? 'ok',
    cookie: renewed.body.error?.code ?? 'ok',
    socket: await verdictOf(await openSocket(url, token, device)),
    sync: await verdictOf(openSync(url, token)),
  }
}

export const ALL_GOOD: Verdicts = { http: 'ok', cookie: 'ok', socket: 'ok', sync: 'ok' }

/** A `/socket` that has said hello. */
export const openSocket = async (
  url: string,
  token: string,
  deviceText: string,
): Promise<WebSocket> => {
  const device = parseDeviceId(deviceText)
  if (device === undefined) throw new Error(`${deviceText} is no device`)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`)
  await once(socket, 'open')
  const writer = writerFrom(randomBytes(5))
  const version = PROTOCOL_VERSION
  socket.send(
    writeClientFrame({ type: 'hello', version, token, device, writer, epoch: '', cursor: '' }),
  )
  return socket
}

/** A `/sync` socket, as y-websocket opens one, on the person's own document. */
export const openSync = (url: string, token: string): WebSocket => {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const doc = `user/${claims.sub}`
  return new WebSocket(`${url.replace('http', 'ws')}/sync/${doc}`, plainProtocols(token))
}

/** `ok` when the server says something, else the code with which it closed. */
const verdictOf = (socket: WebSocket): Promise<string> =>
  new Promise((done) => {
    socket.once('message', () => {
      done('ok')
      socket.close()
    })
    socket.once('close', (code) => done(String(code)))
    socket.once('unexpected-response', (_request, { statusCode }) => done(`status ${statusCode}`))
    socket.once('error', () => {})
  })

/** The code with which the server closes an open one. */
export const closedBy = (socket: WebSocket): Promise<number> =>
  new Promise((done) => socket.once('close', done))
