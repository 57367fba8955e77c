/** Whether the browser may delete what this device holds, and the person is to hear of it now. */

import { browserTimers } from '../base/browser-timers.ts'
import { isInstalled } from '../base/platform.ts'
import { askToKeep, type Persistence, persistence } from '../storage/storage-persistence.ts'
import { liveValue } from './live-value.ts'

/** Holds when the person put it off, ms. */
const PUT_OFF = 'wardline-storage-risk-put-off'
/** "Later" is this much later, ms. */
const LATER = 30 * 86_400_000

export interface RiskSurroundings {
  state(): Promise<Persistence>
  /** Asks the browser to keep what is here, which in some asks the person. */
  ask(): Promise<Persistence>
  /** An app that is installed has nothing better to offer. */
  isInstalled(): boolean
  now(): number
  storage: Pick<Storage, 'getItem' | 'setItem'>
}

const browser = (): RiskSurroundings => ({
  state: () => persistence(),
  ask: () => askToKeep(),
  isInstalled,
  now: browserTimers.now,
  storage: localStorage,
})

export class StorageRisk {
  readonly told = liveValue(false)
  readonly #around: RiskSurroundings

  constructor(around = browser()) {
    this.#around = around
  }

  /** To be called before there is anything on screen, which would move. */
  async look(): Promise<void> {
    const { state, isInstalled, now, storage } = this.#around
    const { kind } = await state()
    // Put off while the clock ran ahead: not until then.
    const quiet = Math.abs(now() - Number(storage.getItem(PUT_OFF))) < LATER
    this.told.set(kind === 'evictable' && !isInstalled() && !quiet)
  }

  /** Once somebody has signed in: before, nobody has reason to agree. */
  async ask(): Promise<void> {
    const { kind } = await this.#around.ask()
    if (kind === 'kept') this.told.set(false)
  }

  putOff(): void {
    this.#around.storage.setItem(PUT_OFF, String(this.#around.now()))
    this.told.set(false)
  }
}
