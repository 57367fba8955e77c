/** How documents of Yjs get to a server, by kind of server: `open` returns how to close them all. */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'

/** A socket for each document. Resolves when the first answers are there. */
export const yWebsocket = (url, docs) => {
  const providers = docs.map(
    ([name, doc]) =>
      new WebsocketProvider(url, name, doc, { WebSocketPolyfill: WebSocket, disableBc: true }),
  )
  return {
    ready: Promise.all(
      providers.map((provider) => new Promise((synced) => provider.once('synced', synced))),
    ),
    close() {
      for (const provider of providers) provider.destroy()
    },
  }
}

/** One socket for all of a person's documents. */
export const hocuspocus = (url, docs) => {
  const websocketProvider = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket })
  const providers = docs.map(([name, document]) => {
    const provider = new HocuspocusProvider({ websocketProvider, name, document, token: 'a token' })
    provider.attach()
    return provider
  })
  return {
    ready: Promise.all(
      providers.map((provider) => new Promise((synced) => provider.on('synced', synced))),
    ),
    close() {
      for (const provider of providers) provider.destroy()
      websocketProvider.destroy()
    },
  }
}
