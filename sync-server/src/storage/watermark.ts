/**
 * How far the database had got, in a file beside it. The database itself cannot tell that its end
 * is gone; the file is written later and elsewhere, and so betrays it, up to the last seconds.
 */
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { flush, writeDurably } from '../base/durable-files.ts'

const FILE = 'durable'

const watermarkSchema = z.object({
  epoch: z.string(),
  /** Of the last change, with the incarnation that made it. */
  cursor: z.string(),
  seq: z.number().int().nonnegative(),
  /** When, in ms. */
  at: z.number(),
})

export type Watermark = Readonly<z.infer<typeof watermarkSchema>>

/** undefined when there is none that can be read: then nothing is known. */
export const readWatermark = async (directory: string): Promise<Watermark | undefined> => {
  try {
    const text = await readFile(join(directory, FILE), 'utf8')
    return watermarkSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Rejects with the system's error. */
const writeWatermark = async (directory: string, mark: Watermark): Promise<void> => {
  const path = join(directory, FILE)
  await writeDurably(`${path}.new`, `${JSON.stringify(mark)}\n`)
  await rename(`${path}.new`, path)
  await flush(directory)
}

/** Keeps the file up to date, off the way of whoever waits for a write. */
export class WatermarkKeeper {
  readonly #directory: string
  readonly #read: () => Watermark | undefined
  readonly #ms: number
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  /**
   * @param read how far the database is; undefined while that is not known
   * @param ms how long after a change the file may lag behind
   */
  constructor(directory: string, read: () => Watermark | undefined, ms: number) {
    this.#directory = directory
    this.#read = read
    this.#ms = ms
  }

  /** Writes it now. */
  written(): Promise<void> {
    return this.#write()
  }

  /** Something was stored. Cheap. */
  moved(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#write()
    }, this.#ms)
    this.#timer.unref()
  }

  /** Writes it for the last time. Before the database is closed. */
  stop(): Promise<void> {
    clearTimeout(this.#timer)
    return this.#write()
  }

  /** A file that cannot be written is old, and so says less. The database has its own errors. */
  #write(): Promise<void> {
    const mark = this.#read()
    if (mark !== undefined)
      this.#writing = this.#writing
        .then(() => writeWatermark(this.#directory, mark))
        .catch(() => {})
    return this.#writing
  }
}
