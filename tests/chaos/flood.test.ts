/**
 * A storm of devices, and floods of strangers, against the real server. What honest people have to
 * wait for while somebody attacks is a bench: `npm run bench -- attacks`.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type DeviceId, parseUserId } from '@wardline/core/base/ids'
import { PROTOCOL_VERSION, readServerFrame, writeClientFrame } from '@wardline/core/protocol/frames'
import { hashPassword } from '@wardline/sync-server/auth/password'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { createSyncServer } from '@wardline/sync-server/sync/sync-server'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { signIn } from '../support/node-device.ts'
import { ServerProcess } from '../support/server-process.ts'

const cleanUp: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const start = async (): Promise<ServerProcess> => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  return server
}

interface Greeted {
  readonly socket: WebSocket
  readonly code: number | undefined
}

/** Says hello with a socket from an address, as one device; with its close code, if it was closed. */
const greet = (
  url: string,
  token: string,
  device: string,
  localAddress?: string,
): Promise<Greeted> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`, {
      perMessageDeflate: false,
      ...(localAddress !== undefined && { localAddress }),
    })
    cleanUp.push(() => socket.terminate())
    socket.on('error', reject)
    socket.on('close', (code) => resolve({ socket, code }))
    socket.on('open', () =>
      socket.send(
        writeClientFrame({
          type: 'hello',
          version: PROTOCOL_VERSION,
          token,
          device: device as DeviceId,
          writer: 1 + Math.floor(Math.random() * 2 ** 39),
          epoch: '',
          cursor: '',
        }),
      ),
    )
    socket.on('message', (data: Buffer) => {
      if (readServerFrame(new Uint8Array(data)).type === 'welcome')
        resolve({ socket, code: undefined })
    })
  })

const login = (url: string, email: string, localAddress = '127.0.0.1'): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url)
    const body = JSON.stringify({ email, password: 'wardline-demo' })
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress }, () =>
      socket.write(
        `POST /api/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    )
    socket.once('data', (answer: Buffer) => resolve(Number(answer.toString().split(' ')[1])))
    socket.once('error', reject)
  })

describe('sign-ins', () => {
  it('150 at once with a right password refuse nobody else, and are all answered', {
    timeout: 120_000,
  }, async () => {
    const { url } = await start()
    const flood = Array.from({ length: 150 }, () => login(url, 'pat@demo.clinic', '127.0.0.2'))
    // From elsewhere, and from behind the same address.
    const others = [login(url, 'ada@demo.clinic'), login(url, 'ada@demo.clinic', '127.0.0.2')]
    let answered = 0
    for (const one of flood) void one.then(() => answered++)
    expect(await Promise.all(others)).toEqual([200, 200])
    expect(answered).toBeLessThan(75)
    expect(new Set(await Promise.all(flood))).toEqual(new Set([200]))
  })

  it('wrong ones for every account refuse nobody else behind the same address', {
    timeout: 120_000,
  }, async () => {
    const { url } = await start()
    const tries = Array.from({ length: 120 }, (_, i) => login(url, `nobody-${i}@demo.clinic`))
    await Promise.all(tries)
    expect(await login(url, 'ada@demo.clinic')).toBe(200)
  })
})

describe('sockets', () => {
  it('4,300 silent ones of an address refuse nobody', { timeout: 120_000 }, async () => {
    const { url, port } = await start()
    const { token } = await signIn(url, 'ada@demo.clinic')
    const upgrade =
      'GET /socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
    const silent: Socket[] = []
    for (let i = 0; i < 4_300; i += 100)
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' })
          silent.push(socket)
          cleanUp.push(() => socket.destroy())
          socket.on('error', () => {})
          socket.write(upgrade)
          await once(socket, 'data')
        }),
      )
    expect(await greet(url, token, 'honest000')).toMatchObject({ code: undefined })
    expect(await greet(url, token, 'neighbour', '127.0.0.2')).toMatchObject({ code: undefined })
  })

  it('dribbling connections end', { timeout: 120_000 }, async () => {
    const { port } = await start()
    const sockets = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' })
        cleanUp.push(() => socket.destroy())
        socket.on('error', () => {})
        socket.resume()
        await once(socket, 'connect')
        socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-A: ')
        return socket
      }),
    )
    const dribble = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('a')
    }, 500)
    cleanUp.push(() => clearInterval(dribble))
    await Promise.all(sockets.map((socket) => (socket.closed ? undefined : once(socket, 'close'))))
  })
})

/** `STORM=1500` is a hospital; every time it is some of them. */
const devices = Number(process.env.STORM ?? 150)

/** Accounts with the password of the demo clinic, in the database of a server that does not run. */
const addAccounts = async (dataDir: string, count: number): Promise<string[]> => {
  const store = await LevelStore.open(dataDir)
  try {
    const { directory } = createSyncServer({ store, verifyToken: () => undefined })
    const passwordHash = await hashPassword('wardline-demo')
    const emails = Array.from({ length: count }, (_, i) => `device-${i}@demo.clinic`)
    await Promise.all(
      emails.map(async (email, i) => {
        const id = parseUserId(`device-${i}`)
        if (id === undefined) throw new Error('a user id')
        const name = `Device ${i}`
        const made = await directory.createUser({
          id,
          email,
          name,
          roles: ['patient'],
          passwordHash,
        })
        if (!made.ok) throw new Error(made.error)
      }),
    )
    return emails
  } finally {
    await store.close()
  }
}

it(`${devices} devices behind one address sign in, and come back, all at once`, {
  timeout: 600_000,
}, async () => {
  const server = await start()
  await server.stop()
  const emails = await addAccounts(server.dataDir, devices)
  await server.start()
  const signedIn = await Promise.all(emails.map((email) => signIn(server.url, email)))
  const arrive = async (): Promise<void> => {
    const greeted = await Promise.all(
      signedIn.map(({ token }, i) =>
        greet(server.url, token, `device${String(i).padStart(4, '0')}`),
      ),
    )
    expect(greeted.filter(({ code }) => code !== undefined)).toEqual([])
  }
  await arrive()
  await server.kill()
  await server.start()
  await arrive()
})
