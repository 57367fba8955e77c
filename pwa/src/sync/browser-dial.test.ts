import { beforeEach, describe, expect, it, vi } from 'vitest'
import { browserDial, socketUrl } from './browser-dial.ts'

class FakeSocket {
  static readonly OPEN = 1
  readonly OPEN = 1
  binaryType = 'blob'
  readyState = 0
  sent: Uint8Array[] = []
  closedWith: number | undefined
  onopen = () => {}
  onmessage = (_event: { data: unknown }) => {}
  onclose = (_event: { code: number }) => {}
  readonly url: string
  constructor(url: string) {
    this.url = url
    sockets.push(this)
  }
  send(bytes: Uint8Array) {
    this.sent.push(bytes)
  }
  close(code: number) {
    this.closedWith = code
  }
}
let sockets: FakeSocket[]
beforeEach(() => {
  sockets = []
})

const dialled = () => {
  const events = { opened: vi.fn(), received: vi.fn(), closed: vi.fn() }
  const unauthorized = vi.fn()
  const dial = browserDial({
    url: 'ws://here/socket',
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    unauthorized,
  })
  return { events, unauthorized, client: dial(events), socket: sockets[0]! }
}

it('finds the socket on the origin of the page', () => {
  expect(socketUrl('https://clinic.example/chat/x?y#z')).toBe('wss://clinic.example/socket')
  expect(socketUrl('http://localhost:3000/')).toBe('ws://localhost:3000/socket')
})

describe('browserDial', () => {
  it('hands bytes on, both ways', () => {
    const { events, client, socket } = dialled()
    expect(socket.binaryType).toBe('arraybuffer')
    client.send(new Uint8Array([9]))
    expect(socket.sent).toEqual([])
    socket.readyState = 1
    socket.onopen()
    client.send(new Uint8Array([1, 2]))
    socket.onmessage({ data: new Uint8Array([3]).buffer })
    expect(events.opened).toHaveBeenCalledTimes(1)
    expect(socket.sent).toEqual([new Uint8Array([1, 2])])
    expect(events.received).toHaveBeenCalledWith(new Uint8Array([3]))
  })

  it('reads text as no frame', () => {
    const { events, socket } = dialled()
    socket.onmessage({ data: 'hello' })
    expect(events.received).toHaveBeenCalledWith(new Uint8Array())
  })

  it('tells of the end once, also when closed from here', () => {
    const { events, client, socket } = dialled()
    client.close()
    socket.onclose({ code: 1006 })
    socket.onmessage({ data: new ArrayBuffer(1) })
    socket.onopen()
    expect(socket.closedWith).toBe(1000)
    expect(events.closed).toHaveBeenCalledTimes(1)
    expect(events.received).not.toHaveBeenCalled()
    expect(events.opened).not.toHaveBeenCalled()
  })

  it('reports a token that the server no longer takes', () => {
    const { events, unauthorized, socket } = dialled()
    socket.onclose({ code: 4401 })
    expect(unauthorized).toHaveBeenCalledTimes(1)
    expect(events.closed).toHaveBeenCalledWith(4401)
    const other = dialled()
    other.socket.onclose({ code: 1006 })
    expect(other.unauthorized).not.toHaveBeenCalled()
  })
})
