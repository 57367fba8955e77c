import type { Dial, SocketEvents } from '@wardline/core/client/model/ports'
import type { Socket, SocketHandler } from '@wardline/sync-server/sync/ports'

/** Where a link ends: a server's `accept`, which another server may stand behind after a restart. */
export type Accept = (socket: Socket) => SocketHandler

/**
 * One socket between a device and the server, as two queues that the test empties: nothing
 * arrives by itself, and what is cut on its way is gone.
 */
export class Link {
  readonly #events: SocketEvents
  #handler: SocketHandler | undefined
  #toServer: Uint8Array[] = []
  #toClient: Uint8Array[] = []
  #state: 'opening' | 'open' | 'closed' = 'opening'

  constructor(events: SocketEvents) {
    this.#events = events
  }

  get open(): boolean {
    return this.#state !== 'closed'
  }

  get waiting(): number {
    return this.#state === 'opening' ? 1 : this.#toServer.length + this.#toClient.length
  }

  accept(accept: Accept): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    const link = this
    this.#handler = accept({
      send: (bytes) => {
        if (this.open) this.#toClient.push(bytes.slice())
      },
      close: (code) => this.cut(code),
      get bufferedAmount() {
        return link.#toClient.reduce((sum, bytes) => sum + bytes.length, 0)
      },
    })
    this.#events.opened()
  }

  sendToServer(bytes: Uint8Array): void {
    if (this.open) this.#toServer.push(bytes.slice())
  }

  deliverToServer(): boolean {
    const bytes = this.#toServer.shift()
    if (bytes !== undefined) this.#handler?.receive(bytes)
    return bytes !== undefined
  }

  deliverToClient(): boolean {
    const bytes = this.#toClient.shift()
    if (bytes !== undefined) this.#events.received(bytes)
    return bytes !== undefined
  }

  /** Ends it on both sides; what is on its way never arrives. */
  cut(code = 1006): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#toServer = []
    this.#toClient = []
    this.#handler?.closed()
    this.#events.closed(code)
  }
}

/** All links of a simulated world. */
export class SimulatedNetwork {
  readonly links = new Set<Link>()

  /** A dial for one device; refused while `reachable` says so. */
  dial(reachable: () => boolean): Dial {
    return (events) => {
      const link = new Link(events)
      if (reachable()) this.links.add(link)
      else void Promise.resolve().then(() => link.cut())
      return {
        send: (bytes) => link.sendToServer(bytes),
        close: () => link.cut(1000),
      }
    }
  }

  /** Links on which something waits. */
  busy(): Link[] {
    for (const link of this.links) if (!link.open) this.links.delete(link)
    return [...this.links].filter((link) => link.waiting > 0)
  }

  cutAll(): void {
    for (const link of [...this.links]) link.cut()
  }
}
