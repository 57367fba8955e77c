/** One document over y-websocket's own provider, as it is. */
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import type { DocName } from '../base/ids.ts'
import { type Admission, type RenewTokenOptions, renewToken } from './renew-token.ts'

export interface ConnectDocOptions extends RenewTokenOptions {
  /** The server's address, as `https://chat.clinic.example`. */
  readonly server: string
  /** Where there is no global WebSocket that takes subprotocols: on Node 20, that of `ws`. */
  readonly WebSocket?: typeof WebSocket
  /** Whether tabs of this browser sync with each other directly, too. Default: yes. */
  readonly betweenTabs?: boolean
}

export interface DocConnection extends Admission {
  readonly provider: WebsocketProvider
  /** Disconnects for good. The document stays as it is. */
  close(): void
}

/** How long the provider waits at most before it tries again, ms. */
const LONGEST_WAIT = 10_000

/** Connects a document with the server, and again whenever that is lost or its token ends. */
export const connectDoc = (
  doc: Y.Doc,
  name: DocName,
  { server, WebSocket, betweenTabs = true, ...renewal }: ConnectDocOptions,
): DocConnection => {
  const provider = new WebsocketProvider(`${server.replace(/^http/, 'ws')}/sync`, name, doc, {
    connect: false,
    disableBc: !betweenTabs,
    maxBackoffTime: LONGEST_WAIT,
    ...(WebSocket && { WebSocketPolyfill: WebSocket }),
  })
  const admission = renewToken(provider, renewal)
  admission.connect()
  return {
    ...admission,
    provider,
    close() {
      admission.stop()
      provider.destroy()
    },
  }
}
