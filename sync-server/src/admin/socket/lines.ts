import type { Socket } from 'node:net'
import { MAX_LINE_BYTES } from './messages.ts'

/**
 * The lines that come over a socket. It goes on listening while nobody asks for one, so that the end
 * of the other side is noticed at once, and takes in no more than a longest line meanwhile: who sends
 * more is cut off.
 */
export class Lines {
  /** Aborted when nothing more comes. */
  readonly ended: AbortSignal
  /** Nothing more is taken in. */
  readonly stop: () => void
  readonly #lines: string[] = []
  #parts: Buffer[] = []
  #bytes = 0
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    const ended = new AbortController()
    this.ended = ended.signal
    const stop = (): void => {
      ended.abort()
      this.#wake?.()
    }
    this.stop = stop
    socket.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length
      if (this.#bytes > MAX_LINE_BYTES) return void socket.destroy()
      this.#take(chunk)
      this.#wake?.()
    })
    // One that is reset ends as well.
    socket.on('error', () => {})
    socket.once('end', stop)
    socket.once('close', stop)
  }

  /** Without its end; undefined when there are no more. What follows the last line feed is none. */
  async next(): Promise<string | undefined> {
    while (this.#lines.length === 0 && !this.ended.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    const line = this.#lines.shift()
    if (line !== undefined) this.#bytes -= Buffer.byteLength(line) + 1
    return line
  }

  #take(chunk: Buffer): void {
    let rest = chunk
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      this.#lines.push(Buffer.concat([...this.#parts, rest.subarray(0, end)]).toString('utf8'))
      this.#parts = []
      rest = rest.subarray(end + 1)
    }
    if (rest.length > 0) this.#parts.push(rest)
  }
}

export const lineOf = (message: object): string => `${JSON.stringify(message)}\n`
