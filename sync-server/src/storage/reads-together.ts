import { isLevelDamage } from './seal.ts'

/** Keys that go to the database in one call, unless somebody asks for more at once. */
const MOST = 256

/** What lies under a key; an error where LevelDB cannot read it. */
export type RawValue = Uint8Array | Error | undefined

/** The calls of a database that this is for. */
export interface ReadsValues {
  get(key: string): Promise<Uint8Array | undefined>
  getMany(keys: string[]): Promise<(Uint8Array | undefined)[]>
}

interface Request {
  readonly keys: readonly string[]
  resolve(values: RawValue[]): void
  reject(error: unknown): void
}

/**
 * Has what is asked for in one turn of the event loop read in one call. Each call is a way to another
 * thread and back, which costs far more than to read a value: when many connect at once, that is what
 * they cost.
 */
export class ReadsTogether {
  readonly #database: ReadsValues
  readonly #soon: (run: () => void) => void
  #waiting: Request[] = []

  /** @param soon when to read: by default at the end of this turn of the event loop */
  constructor(database: ReadsValues, soon: (run: () => void) => void = setImmediate) {
    this.#database = database
    this.#soon = soon
  }

  /**
   * The values of these keys, in their order, as they are when they are read: not before this returns. Rejects with
   * what the database rejects with, but for damage, which concerns its key alone.
   */
  values(keys: readonly string[]): Promise<RawValue[]> {
    if (keys.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#waiting.push({ keys, resolve, reject })
      if (this.#waiting.length === 1) this.#soon(this.#run)
    })
  }

  readonly #run = (): void => {
    const waiting = this.#waiting
    this.#waiting = []
    let group: Request[] = []
    let size = 0
    for (const request of waiting) {
      if (size > 0 && size + request.keys.length > MOST) {
        void this.#read(group)
        group = []
        size = 0
      }
      group.push(request)
      size += request.keys.length
    }
    void this.#read(group)
  }

  /** Never rejects. */
  async #read(group: readonly Request[]): Promise<void> {
    try {
      const values = await this.#valuesOf(group.flatMap(({ keys }) => keys))
      let from = 0
      for (const { keys, resolve } of group) {
        resolve(values.slice(from, from + keys.length))
        from += keys.length
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  async #valuesOf(keys: string[]): Promise<RawValue[]> {
    try {
      return await this.#database.getMany(keys)
    } catch (error) {
      if (!isLevelDamage(error)) throw error
    }
    // One of them cannot be read, and keeps the others from being told.
    return Promise.all(keys.map((key) => this.#database.get(key).catch(damageOf)))
  }
}

const damageOf = (error: unknown): Error => {
  if (error instanceof Error && isLevelDamage(error)) return error
  throw error
}
