/**
 * The connection to the device's database: opened when first needed, once more when it was lost,
 * given up when another tab deletes or upgrades the database.
 */
import type { LocalStoreError } from '@wardline/core/client/store/local-store'
import { deleteDB, openDB } from 'idb'
import {
  asStoreError,
  type CutOff,
  closedStore,
  cutOffBy,
  mayPass,
  openTimedOut,
} from './idb-failure.ts'
import { databaseVersion, type IdbDatabase, lifeKey, upgrade } from './idb-schema.ts'
import { within } from './time-limit.ts'

/** How long an open may take, in ms, before it counts as failed. */
const openLimit = 10_000

/** The same for a read or a write. Far above what the slowest phone needs: nothing is lost by it. */
const useLimit = 30_000

/** `signal` aborts when the result no longer counts. */
export type Use<T> = (database: IdbDatabase, signal: AbortSignal) => Promise<T>

type State =
  | { kind: 'idle' }
  | { kind: 'opening'; database: Promise<IdbDatabase> }
  | { kind: 'open'; database: IdbDatabase }
  /** For good. */
  | { kind: 'ended'; reason: LocalStoreError }

export class IdbConnection {
  readonly #name: string
  #state: State = { kind: 'idle' }
  /** Which database it was when first opened; see {@link lifeKey}. */
  #life: unknown

  readonly #ended: (why: CutOff) => void
  /** Of what is under way. */
  readonly #attempts = new Set<AbortController>()

  /** @param ended see {@link IdbLocalStoreOptions} */
  constructor(name: string, ended: (why: CutOff) => void) {
    this.#name = name
    this.#ended = ended
  }

  /**
   * Runs `use` on an open connection; when that fails in a way that may pass, once more on a new
   * one. Rejects with a LocalStoreError.
   */
  async run<T>(use: Use<T>): Promise<T> {
    try {
      return await this.#attempt(use)
    } catch (error) {
      if (!mayPass(error)) throw asStoreError(error)
    }
    try {
      return await this.#attempt(use)
    } catch (error) {
      throw asStoreError(error)
    }
  }

  /**
   * Deletes the database; the next use makes a new one. `cleared`: it holds nothing any more, so
   * that a frozen tab need not be waited for: the deletion follows when the browser drops that.
   */
  async delete({ cleared }: { cleared: boolean }): Promise<void> {
    if (this.#state.kind === 'ended') throw this.#state.reason
    if (this.#state.kind === 'open') this.#state.database.close()
    this.#state = { kind: 'idle' }
    this.#life = undefined
    await new Promise<void>((resolve, reject) => {
      const blocked = () => (cleared ? resolve() : reject(openTimedOut()))
      deleteDB(this.#name, { blocked }).then(resolve, (error) => reject(asStoreError(error)))
    })
  }

  /**
   * The page is set aside, and may never come back: what it has under way in the database would be
   * waited for by the next one, for ever. It is as if it had been killed in that moment.
   */
  letGo(): void {
    for (const attempt of this.#attempts) attempt.abort()
    if (this.#state.kind === 'open') this.#drop(this.#state.database)
  }

  /** For good. Transactions under way complete. */
  close(): void {
    this.#end(closedStore())
  }

  async #attempt<T>(use: Use<T>): Promise<T> {
    const database = await this.#database()
    const abort = new AbortController()
    this.#attempts.add(abort)
    try {
      return await within(useLimit, use(database, abort.signal), () => {
        abort.abort()
        return new DOMException('The database does not answer.', 'TimeoutError')
      })
    } catch (error) {
      if (mayPass(error)) this.#drop(database)
      throw error
    } finally {
      this.#attempts.delete(abort)
    }
  }

  async #database(): Promise<IdbDatabase> {
    const state = this.#state
    switch (state.kind) {
      case 'ended':
        throw state.reason
      case 'open':
      case 'opening':
        return state.database
      case 'idle': {
        const opening: State = { kind: 'opening', database: this.#open() }
        this.#state = opening
        try {
          const database = await opening.database
          if (this.#state === opening) this.#state = { kind: 'open', database }
          else this.#refuse(database)
          return database
        } catch (error) {
          if (this.#state === opening) this.#state = { kind: 'idle' }
          throw error
        }
      }
    }
  }

  /** Closed, or dropped, while it was being opened. */
  #refuse(database: IdbDatabase): void {
    database.close()
    if (this.#state.kind === 'ended') throw this.#state.reason
  }

  #open(): Promise<IdbDatabase> {
    const opening = this.#openNow()
    return within(openLimit, opening, () => {
      opening.then(
        (database) => database.close(),
        () => {},
      )
      return openTimedOut()
    })
  }

  async #openNow(): Promise<IdbDatabase> {
    const database: IdbDatabase = await openDB(this.#name, databaseVersion, {
      upgrade: (opened, from, _to, transaction) => upgrade(opened, from, transaction),
      // A deletion (null) or an upgrade waits for this tab.
      blocking: (_from, to) => {
        database.close()
        this.#cutOff(to === null ? 'wiped' : 'outdated')
      },
      terminated: () => this.#drop(database),
    })
    const life = await database.get('meta', lifeKey).then(
      (stored) => stored?.value,
      (error) => {
        database.close()
        throw error
      },
    )
    if (this.#life !== undefined && this.#life !== life) {
      database.close()
      this.#cutOff('wiped')
      throw cutOffBy.wiped()
    }
    this.#life = life
    return database
  }

  #drop(database: IdbDatabase): void {
    database.close()
    if (this.#state.kind === 'open' && this.#state.database === database)
      this.#state = { kind: 'idle' }
  }

  #cutOff(why: CutOff): void {
    if (this.#state.kind === 'ended') return
    this.#end(cutOffBy[why]())
    this.#ended(why)
  }

  #end(reason: LocalStoreError): void {
    if (this.#state.kind === 'ended') return
    if (this.#state.kind === 'open') this.#state.database.close()
    this.#state = { kind: 'ended', reason }
  }
}
