/**
 * Documents that are asked for while others are read share the next transaction: a fresh device
 * asks for hundreds, of which there is nothing yet, and each transaction costs more than that.
 */
import type { DocName } from '@wardline/core/base/ids'
import type { IdbConnection } from './idb-connection.ts'
import { mayBeOneValue } from './idb-failure.ts'
import type { IdbDatabase } from './idb-schema.ts'

/** Rows of a document with a number above `after`. */
export const rowsOf = (doc: DocName, after: number): IDBKeyRange =>
  IDBKeyRange.bound([doc, after], [doc, Number.POSITIVE_INFINITY], true)

/** Its record and its rows as they are stored. */
export type RawDoc = readonly [record: unknown, rows: unknown[]]

interface Waiting {
  doc: DocName
  resolve(raw: RawDoc): void
  reject(reason: unknown): void
}

/** Bounds a transaction, which holds up writes. */
const largestGroup = 64

/** How long the next transaction waits for one that does not answer, ms. */
const patience = 500

export class IdbReadQueue {
  readonly #connection: IdbConnection
  readonly #waiting: Waiting[] = []
  readonly #underWay = new Set<Promise<void>>()
  #draining: Promise<void> | undefined

  constructor(connection: IdbConnection) {
    this.#connection = connection
  }

  read(doc: DocName): Promise<RawDoc> {
    return new Promise<RawDoc>((resolve, reject) => {
      this.#waiting.push({ doc, resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** When all reads so far have settled. */
  async settled(): Promise<void> {
    await this.#draining
    await Promise.all(this.#underWay)
  }

  async #drain(): Promise<void> {
    // Those of one turn go together.
    await null
    while (this.#waiting.length > 0) await this.#begin(this.#waiting.splice(0, largestGroup))
    this.#draining = undefined
  }

  /** Resolves when it is done, or has taken so long that it must not hold up the others. */
  async #begin(group: readonly Waiting[]): Promise<void> {
    const reading = this.#together(group).finally(() => this.#underWay.delete(reading))
    this.#underWay.add(reading)
    let timer: ReturnType<typeof setTimeout> | undefined
    const tooLong = new Promise<void>((go) => {
      timer = setTimeout(go, patience)
    })
    await Promise.race([reading, tooLong])
    clearTimeout(timer)
  }

  async #together(group: readonly Waiting[]): Promise<void> {
    try {
      const raw = await this.#connection.run((database) => {
        return readGroup(
          database,
          group.map(({ doc }) => doc),
        )
      })
      for (const [at, { resolve }] of group.entries()) resolve(raw[at] ?? [undefined, []])
    } catch (error) {
      if (group.length === 1) for (const { reject } of group) reject(error)
      // So that one that cannot be read takes no other with it.
      else for (const waiting of group) await this.#together([waiting])
    }
  }
}

const readGroup = async (database: IdbDatabase, docs: readonly DocName[]): Promise<RawDoc[]> => {
  try {
    const transaction = database.transaction(['docs', 'rows'], 'readonly')
    const [records, rows] = [transaction.objectStore('docs'), transaction.objectStore('rows')]
    const reads = docs.map(async (doc): Promise<RawDoc> => {
      return Promise.all([records.get(doc), rows.getAll(rowsOf(doc, 0))])
    })
    const [raw] = await Promise.all([Promise.all(reads), transaction.done])
    return raw
  } catch (error) {
    const [doc] = docs
    if (doc === undefined || docs.length > 1 || !mayBeOneValue(error)) throw error
    return [[await database.get('docs', doc), await readEach(database, rowsOf(doc, 0))]]
  }
}

/** Rows one by one; of one that cannot be read, its key alone. */
export const readEach = async (database: IdbDatabase, range: IDBKeyRange): Promise<unknown[]> => {
  const rows: unknown[] = []
  for (const key of await database.getAllKeys('rows', range)) {
    const [doc, no] = key
    rows.push(
      await database.get('rows', key).catch((error) => {
        if (!mayBeOneValue(error)) throw error
        return { doc, no }
      }),
    )
  }
  return rows
}
