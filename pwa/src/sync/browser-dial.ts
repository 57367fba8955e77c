/** Opens the socket to the server that the page came from. */
import type { Dial } from '@wardline/core/client/model/ports'
import { CloseCode } from '@wardline/core/protocol/close-code'

export interface BrowserDialOptions {
  /** Default: `/socket` on the page's origin, ws or wss as the page. */
  url?: string
  WebSocket?: typeof WebSocket
  /** The server no longer takes the token (close code 4401): the next one must be a fresh one. */
  unauthorized?: () => void
}

/** The socket's address for a page at `href`. */
export const socketUrl = (href: string): string => {
  const url = new URL('/socket', href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

/** Only these codes may be given to `close`. */
const mayClose = (code: number): boolean => code === 1000 || (code >= 3000 && code <= 4999)

export const browserDial =
  ({
    url = socketUrl(location.href),
    WebSocket: Socket = WebSocket,
    unauthorized = () => {},
  }: BrowserDialOptions = {}): Dial =>
  (events) => {
    const socket = new Socket(url)
    socket.binaryType = 'arraybuffer'
    let ended = false
    const end = (code: number) => {
      if (ended) return
      ended = true
      if (code === CloseCode.unauthorized) unauthorized()
      events.closed(code)
    }
    socket.onopen = () => {
      if (!ended) events.opened()
    }
    socket.onmessage = ({ data }) => {
      // The protocol is binary. A text frame is read as an empty one, which is refused.
      if (!ended) events.received(new Uint8Array(data instanceof ArrayBuffer ? data : []))
    }
    socket.onclose = ({ code }) => end(code)
    return {
      send: (bytes) => {
        if (socket.readyState === Socket.OPEN) socket.send(new Uint8Array(bytes))
      },
      close: (code = 1000) => {
        socket.close(mayClose(code) ? code : 1000)
        // Without a network the close event takes up to a minute.
        end(code)
      },
    }
  }
