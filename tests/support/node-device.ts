/** A device that is a program: the same client as in the browser, over ws, with a database in memory. */
import { randomBytes } from 'node:crypto'
import { Client } from '@wardline/core/client/client'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/memory-local-store'
import type { Dial, GetToken, Timers } from '@wardline/core/client/ports'
import { soloBus } from '@wardline/core/client/tab-bus'
import type { Person } from '@wardline/core/client/views'
import type { DeviceId } from '@wardline/core/ids/ids'
import { WebSocket } from 'ws'

export const systemTimers: Timers = {
  now: Date.now,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

export interface SignedIn {
  token: string
  expiresAt: number
  person: Person
}

/** Signs in over HTTP. Rejects when the server does not answer, or refuses. */
export const signIn = async (url: string, email: string): Promise<SignedIn> => {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'wardline-demo' }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  const { accessToken, expiresAt, user } = (await response.json()) as {
    accessToken: string
    expiresAt: number
    user: Person
  }
  return { token: accessToken, expiresAt, person: user }
}

/** Counts what goes over a socket. */
export interface Traffic {
  up: number
  down: number
}

export const wsDial =
  (url: string, traffic: Traffic = { up: 0, down: 0 }): Dial =>
  (events) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket`)
    socket.binaryType = 'arraybuffer'
    let ended = false
    const end = (code: number) => {
      if (ended) return
      ended = true
      events.closed(code)
    }
    socket.on('open', () => {
      if (!ended) events.opened()
    })
    socket.on('message', (data: ArrayBuffer) => {
      traffic.down += data.byteLength
      if (!ended) events.received(new Uint8Array(data))
    })
    socket.on('error', () => {}) // A close follows, and says all there is to say.
    socket.on('close', end)
    return {
      send: (bytes) => {
        traffic.up += bytes.length
        if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
      },
      close: (code = 1000) => {
        socket.close(code)
        end(code)
      },
    }
  }

export interface NodeDevice {
  client: Client
  database: MemoryDatabase
  traffic: Traffic
  person: Person
}

export interface NodeDeviceOptions {
  url: string
  email: string
  /** Keeps what an earlier run of the device left. */
  database?: MemoryDatabase
}

/** Starts a device for one of the demo accounts. */
export const startDevice = async ({
  url,
  email,
  database = new MemoryDatabase(),
}: NodeDeviceOptions): Promise<NodeDevice> => {
  let signedIn = await signIn(url, email)
  const getToken: GetToken = async () => {
    if (signedIn.expiresAt - Date.now() < 30_000) {
      try {
        signedIn = await signIn(url, email)
      } catch {
        return { kind: 'unreachable' }
      }
    }
    return { kind: 'token', token: signedIn.token, expiresAt: signedIn.expiresAt }
  }
  const store = new MemoryLocalStore(database)
  const { meta } = await store.load()
  const device = meta.device ?? (randomBytes(8).toString('hex') as DeviceId)
  await store.putMeta({ me: signedIn.person, device })
  const traffic: Traffic = { up: 0, down: 0 }
  const client = await Client.start({
    store,
    bus: soloBus(),
    dial: wsDial(url, traffic),
    getToken,
    timers: systemTimers,
    random: (length) => new Uint8Array(randomBytes(length)),
  })
  return { client, database, traffic, person: signedIn.person }
}

/** Resolves when `test` holds, looking again whenever the client changes. */
export const until = (client: Client, test: () => boolean, ms = 30_000): Promise<void> =>
  new Promise((done, fail) => {
    const look = () => {
      if (!test()) return
      stop()
      done()
    }
    const unsubscribe = client.subscribe(look)
    const timer = setTimeout(() => {
      stop()
      fail(new Error(`not within ${ms} ms: ${test}`))
    }, ms)
    const stop = () => {
      unsubscribe()
      clearTimeout(timer)
    }
    look()
  })
