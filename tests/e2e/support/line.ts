/**
 * The line from a browser profile to the server, which a test can cut: a SOCKS5 proxy. When a device
 * loses its network the system resets its sockets, and the server is not told. Playwright's
 * `setOffline` leaves a WebSocket open, and while anything is on its way on it Chromium's network
 * process asks without a pause whether it may go on: one of two cores, for as long as that lasts.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { BrowserContext } from '@playwright/test'

/** RFC 1928. */
const VERSION = 5
const NO_AUTHENTICATION = Buffer.from([VERSION, 0])
const IPV4 = 1
const CONNECTED = Buffer.from([VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0])

/** Reads a handshake, of which the client sends no more before it has an answer. */
const readerOf = (socket: Socket) => {
  let held = Buffer.alloc(0)
  return async (length: number): Promise<Buffer> => {
    while (held.length < length) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      held = Buffer.concat([held, chunk])
    }
    const bytes = held.subarray(0, length)
    held = held.subarray(length)
    return bytes
  }
}

const lines = new WeakMap<BrowserContext, Line>()

/** The line of a browser profile; undefined where it has none of its own. */
export const lineOf = (context: BrowserContext): Line | undefined => lines.get(context)

export class Line {
  readonly #server: Server
  readonly #device = new Set<Socket>()
  readonly #far = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.#keep(this.#device, socket)
      this.#carry(socket).catch(() => socket.destroy())
    })
  }

  static async lay(): Promise<Line> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Line(server)
  }

  /** For Playwright's `proxy`. */
  get address(): string {
    return `socks5://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** It is this profile's, and ends with it. */
  leadFrom(context: BrowserContext): void {
    lines.set(context, this)
    context.once('close', () => this.#close())
  }

  /** The device's ends are reset. The other ends stay, and nothing comes from them any more. */
  cut(): void {
    for (const far of this.#far) far.unpipe().pause()
    for (const socket of this.#device) socket.unpipe().resetAndDestroy()
  }

  /** What was cut is over for the server too. */
  mend(): void {
    for (const far of this.#far) if (far.isPaused()) far.destroy()
  }

  async #carry(socket: Socket): Promise<void> {
    const read = readerOf(socket)
    const [, methods = 0] = await read(2)
    await read(methods)
    socket.write(NO_AUTHENTICATION)
    const [, , , kind] = await read(4)
    // A browser has the server's address as a name, and Playwright's own requests as four bytes.
    const host =
      kind === IPV4
        ? (await read(4)).join('.')
        : (await read((await read(1))[0] ?? 0)).toString('latin1')
    const far = connect({ host, port: (await read(2)).readUInt16BE(), noDelay: true })
    this.#keep(this.#far, far)
    await once(far, 'connect')
    socket.setNoDelay(true)
    socket.write(CONNECTED)
    far.pipe(socket).pipe(far)
    far.once('close', () => socket.destroy())
  }

  #keep(sockets: Set<Socket>, socket: Socket): void {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // It is closed then; nobody asks why.
    socket.on('error', () => {})
  }

  #close(): void {
    for (const socket of [...this.#device, ...this.#far]) socket.destroy()
    this.#server.close()
  }
}
