/** The socket of a program. */
import { WebSocket } from 'ws'
import type { Dial } from '../client/model/ports.ts'
import { CloseCode } from '../protocol/close-code.ts'

/** Counts the bytes that go over a socket. */
export interface Traffic {
  up: number
  down: number
}

/**
 * @param url of the server, `http://…` or `https://…`
 * @param unauthorized the server no longer takes the token: the next one must be a fresh one
 */
export const wsDial =
  (url: string, traffic: Traffic = { up: 0, down: 0 }, unauthorized = () => {}): Dial =>
  (events) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket`)
    socket.binaryType = 'arraybuffer'
    let ended = false
    const end = (code: number): void => {
      if (ended) return
      ended = true
      if (code === CloseCode.unauthorized) unauthorized()
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
