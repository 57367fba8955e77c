/**
 * Which chats were on a screen that somebody looked at, for the server's audit trail: what a device
 * synchronizes says nothing of that. One time for a chat and a day; what cannot be said at once is
 * kept by the tab that leads, and said when there is a connection.
 */
import type { ChatId } from '../../base/ids.ts'
import { Backoff } from '../../time/backoff.ts'
import type { Opening, TellOpenings, Timers } from '../model/ports.ts'
import type { LocalStore } from '../store/local-store.ts'

/** Kept for later; after that the oldest go. Months offline, with dozens of chats a day. */
export const MAX_UNTOLD = 2_000
/** In one request, as many as the server takes. */
const AT_ONCE = 100
/** Waits after the server could not be told, ms. */
const WAITS = { first: 5_000, longest: 300_000 }
const DAY = 86_400_000

export interface OpeningsOptions {
  readonly store: Pick<LocalStore, 'putMeta'>
  readonly timers: Timers
  /** Corrected by the server's. */
  readonly clock: { now(): number }
  /** Without it nobody wants to know. */
  readonly tell: TellOpenings | undefined
  /** To the tab that leads. */
  readonly post: (openings: readonly Opening[]) => void
  readonly storageFailed: (error: unknown) => void
}

export class Openings {
  readonly #options: OpeningsOptions
  /** The day on which each chat was noted last. */
  readonly #noted = new Map<ChatId, number>()
  readonly #backoff = new Backoff(WAITS)
  #untold: readonly Opening[]
  #leads = false
  #telling: Promise<void> | undefined
  #stopped = false
  #cancel = () => {}

  constructor(options: OpeningsOptions, untold: readonly Opening[]) {
    this.#options = options
    this.#untold = untold
  }

  /** The chat is on a screen that somebody looks at. */
  note(chat: ChatId): void {
    const at = Math.floor(this.#options.clock.now())
    const day = Math.floor(at / DAY)
    if (this.#options.tell === undefined || this.#noted.get(chat) === day) return
    this.#noted.set(chat, day)
    if (this.#leads) this.told([{ chat, at }])
    else this.#options.post([{ chat, at }])
  }

  /** From a tab, to the one that leads. */
  told(openings: readonly Opening[]): void {
    if (!this.#leads) return
    this.#untold = [...this.#untold, ...openings].slice(-MAX_UNTOLD)
    this.#keep()
    this.resume()
  }

  /** This tab does the work from now on. */
  lead(): void {
    this.#leads = true
    this.resume()
  }

  /** Another sign-in: what is looked at from now on is noted for it, too. */
  signedIn(): void {
    this.#noted.clear()
    this.resume()
  }

  /** Now is a good time to try. */
  resume(): void {
    if (!this.#leads || this.#stopped || this.#telling !== undefined) return
    this.#cancel()
    this.#telling = this.#tell().then((reached) => {
      this.#telling = undefined
      if (this.#untold.length === 0 || this.#stopped) return
      // What was looked at in the last moment.
      if (reached) this.resume()
      else this.#cancel = this.#options.timers.after(this.#backoff.next(), () => this.resume())
    })
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  /** False when the server could not be told. */
  async #tell(): Promise<boolean> {
    const { tell } = this.#options
    while (tell !== undefined && this.#untold.length > 0 && !this.#stopped) {
      const some = this.#untold.slice(0, AT_ONCE)
      if (!(await tell(some))) return false
      this.#backoff.reset()
      this.#untold = this.#untold.filter((opening) => !some.includes(opening))
      this.#keep()
    }
    return true
  }

  #keep(): void {
    const { store, storageFailed } = this.#options
    void store.putMeta({ untoldOpenings: this.#untold }).catch(storageFailed)
  }
}
