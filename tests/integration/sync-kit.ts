/** A whole server on a disk and a port, and clients with real sockets. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DocName, UserId } from '@wardline/core/base/ids'
import {
  type ClientFrame,
  PROTOCOL_VERSION,
  readServerFrame,
  type ServerFrame,
  writeClientFrame,
} from '@wardline/core/protocol/frames'
import { connectDoc, type DocConnection } from '@wardline/core/yjs/connect-doc'
import { DEMO_PASSWORD, demoUsers } from '@wardline/sync-server/cli/demo-clinic'
import type { Config } from '@wardline/sync-server/config/config'
import { type Overrides, type RunningServer, startServer } from '@wardline/sync-server/server'
import { deviceOf, type Frame, writerOfUser } from '@wardline/sync-server/sync/sync-test-kit'
import { vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

/** Waits until an expectation holds. */
export const until = <T>(expectation: () => T): Promise<T> =>
  vi.waitFor(expectation, { timeout: 15_000, interval: 5 }) as Promise<T>

export const makeDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'wardline-sync-'))
export const removeDataDir = (dir: string): Promise<void> =>
  rm(dir, { recursive: true, force: true })

export const start = (
  dataDir: string,
  overrides: Overrides = {},
  port = 0,
  config: Partial<Config> = {},
): Promise<RunningServer> =>
  startServer(
    {
      port,
      host: '127.0.0.1',
      dataDir,
      jwtSecret: 'a secret for tests, of thirty-two characters',
      previousJwtSecret: undefined,
      clientUrl: undefined,
      demo: true,
      production: false,
      trustedProxies: 0,
      logLevel: 'silent',
      ...config,
    },
    overrides,
  )

/** An access token, as a person gets it. */
export const signIn = async (server: RunningServer, user: UserId): Promise<string> => {
  const email = demoUsers.find(({ id }) => id === user)?.email
  const response = await fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password: DEMO_PASSWORD }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  const { accessToken } = (await response.json()) as { accessToken: string }
  return accessToken
}

const socketUrl = (server: RunningServer): string => server.url.replace('http', 'ws')

/** A socket with what came and how it ended. */
export class Wire {
  readonly ws: WebSocket
  readonly frames: ServerFrame[] = []
  closed: { code: number; reason: string } | undefined
  /** Status of the answer to an upgrade that was refused. */
  refused: number | undefined

  constructor(server: RunningServer, path = '/socket', headers: Record<string, string> = {}) {
    this.ws = new WebSocket(socketUrl(server) + path, { headers })
    this.ws.on('message', (data: Buffer) => this.frames.push(readServerFrame(new Uint8Array(data))))
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
    this.ws.on('unexpected-response', (_request, response) => {
      this.refused = response.statusCode
      this.ws.terminate()
    })
    this.ws.on('error', () => {})
  }

  async open(): Promise<this> {
    await until(() => {
      if (this.ws.readyState === WebSocket.CONNECTING) throw new Error('connecting')
    })
    return this
  }

  send(frame: ClientFrame): void {
    this.ws.send(writeClientFrame(frame))
  }

  of<T extends ServerFrame['type']>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type)
  }

  async one<T extends ServerFrame['type']>(type: T, count = 1): Promise<Frame<T>> {
    return until(() => {
      const frame = this.of(type)[count - 1]
      if (frame === undefined) throw new Error(`no ${type} yet: ${JSON.stringify(this.closed)}`)
      return frame
    })
  }

  async end(): Promise<{ code: number; reason: string }> {
    return until(() => {
      if (this.closed === undefined) throw new Error('still open')
      return this.closed
    })
  }

  openDoc(channel: number, doc: DocName, head = 0): void {
    this.send({ type: 'open', channel, doc, head, stateVector: new Uint8Array() })
  }
}

/** A multiplexed connection that was welcomed. */
export const connect = async (
  server: RunningServer,
  user: UserId,
  position: { epoch?: string; cursor?: string } = {},
): Promise<Wire> => {
  const wire = await new Wire(server).open()
  wire.send({
    type: 'hello',
    version: PROTOCOL_VERSION,
    token: await signIn(server, user),
    device: deviceOf(user),
    writer: writerOfUser(user),
    epoch: position.epoch ?? '',
    cursor: position.cursor ?? '',
  })
  await wire.one('welcome')
  return wire
}

export interface Plain {
  readonly doc: Y.Doc
  readonly provider: DocConnection['provider']
  /** How it ended, if it did for good. */
  readonly closed: { code: number; reason: string }[]
}

/** A y-websocket client as it is, with one token that it gets no other for. */
export const connectPlain = (
  server: RunningServer,
  name: string,
  token: string,
  client: number | undefined,
  doc = new Y.Doc(),
): Plain => {
  if (client !== undefined) doc.clientID = client
  const closed: { code: number; reason: string }[] = []
  const { provider } = connectDoc(doc, name as DocName, {
    server: server.url,
    getToken: async (refused) =>
      refused === undefined ? { kind: 'token', token } : { kind: 'signed-out' },
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    betweenTabs: false,
  })
  provider.on('closed', (event) => closed.push(event))
  return { doc, provider, closed }
}
