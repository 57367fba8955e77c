/** Connections that only keep the server waiting: none stays, and none keeps others out. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Admission, MAX_PIPELINED } from '@wardline/sync-server/http/admission'
import { afterEach, describe, expect, it } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

const cleanUp: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

/** A connection of an address of this machine; Linux has all of 127.0.0.0/8. */
const dial = async (port: number, localAddress: string): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  cleanUp.push(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const closeOf = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : once(socket, 'close')

describe('the admission of connections', () => {
  let time = 0
  const open = async (limit: number, trustedProxies = 0) => {
    time = 0
    const http: Server = createServer((request, response) => {
      if (request.url === '/slow') return
      request.on('end', () => response.end(Buffer.alloc(request.url === '/large' ? 64 << 20 : 2)))
      request.resume()
    })
    const admission = new Admission(http, { trustedProxies, limit, now: () => time })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    cleanUp.push(() => {
      admission.stop()
      http.closeAllConnections()
      http.close()
    })
    const { port } = http.address() as AddressInfo
    return { http, admission, port }
  }

  it('has room for others when one address has all of it', async () => {
    const { http, admission, port } = await open(20)
    const accepted = () => once(http, 'connection')
    const silent: Socket[] = []
    for (let i = 0; i < 60; i++) {
      const there = accepted()
      silent.push(await dial(port, '127.0.0.2'))
      await there
    }
    const third = await dial(port, '127.0.0.3')
    third.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const [answer] = (await once(third, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/)
    await Promise.all(silent.slice(0, 41).map(closeOf))
    expect(admission.size).toBe(20)
    expect(third.closed).toBe(false)
  })

  it('puts out nobody who waits for the server', async () => {
    const { http, admission, port } = await open(3)
    const patient = await dial(port, '127.0.0.2')
    const asked = once(http, 'request')
    patient.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked
    const silent: Socket[] = []
    for (let i = 0; i < 6; i++) {
      const there = once(http, 'connection')
      silent.push(await dial(port, '127.0.0.2'))
      await there
    }
    await Promise.all(silent.slice(0, 4).map(closeOf))
    expect(admission.size).toBe(3)
    expect(patient.closed).toBe(false)
  })

  it('behind a proxy it is the address of the client that counts', async () => {
    const { http, port } = await open(4, 1)
    const ask = async (client: string): Promise<Socket> => {
      const socket = await dial(port, '127.0.0.1')
      const asked = once(http, 'request')
      // The first line of a body that never comes.
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\nContent-Length: 9\r\n\r\n`,
      )
      await asked
      return socket
    }
    const nurse = await ask('198.51.100.7')
    const flood = []
    for (let i = 0; i < 6; i++) flood.push(await ask('192.0.2.66'))
    await Promise.all(flood.slice(0, 3).map(closeOf))
    expect(nurse.closed).toBe(false)
  })

  it('answers no more than a few requests that come in a row without waiting', async () => {
    const { http, port } = await open(10)
    let answered = 0
    http.on('request', (request) => {
      if (!request.socket.destroyed) answered++
    })
    const greedy = await dial(port, '127.0.0.2')
    greedy.resume()
    greedy.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_000))
    await closeOf(greedy)
    expect(answered).toBeLessThanOrEqual(MAX_PIPELINED)
    const patient = await dial(port, '127.0.0.2')
    for (let i = 0; i < 20; i++) {
      patient.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(patient, 'data')
    }
    expect(patient.closed).toBe(false)
  })

  it('ends what sends the rest of a request letter by letter, and what reads no answer', async () => {
    const { http, admission, port } = await open(10)
    const dribbling = await dial(port, '127.0.0.2')
    const asked = once(http, 'request')
    dribbling.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\na')
    await asked
    const deaf = await dial(port, '127.0.0.2')
    deaf.pause()
    const askedToo = once(http, 'request')
    deaf.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n')
    await askedToo
    await new Promise(setImmediate)
    const ended = Promise.all([closeOf(dribbling), once(deaf.resume(), 'close')])
    deaf.pause()
    for (let i = 0; i < 4; i++) {
      time += 10_000
      admission.look()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    deaf.resume()
    await ended
    expect(admission.size).toBe(0)
  })
})

it('what is refused an upgrade does not stay', async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  const socket = await dial(server.port, '127.0.0.2')
  socket.write(
    'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  socket.resume()
  await once(socket, 'close')
})

it('a socket that has not said who it is sends no more than a hello', async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  const socket = await dial(server.port, '127.0.0.2')
  socket.write(
    'GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await once(socket, 'data')
  // The head of a message of a megabyte, and of that what would be gathered.
  const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0])
  const said: Buffer[] = []
  socket.on('data', (chunk) => said.push(chunk))
  socket.write(Buffer.concat([head, Buffer.alloc(6_000)]))
  await once(socket, 'close')
  // Not for having waited too long for it, which would be said.
  expect(said).toEqual([])
})
