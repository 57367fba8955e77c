/** Whether the browser may delete what this device holds, and the person is to hear of it now. */
import { askToKeep, type Persistence } from '../storage/storage-persistence.ts'
import { liveValue } from './live-value.ts'

/** Holds when the person put it off, ms. */
const PUT_OFF = 'wardline-storage-risk-put-off'
/** "Later" is this much later, ms. */
const LATER = 30 * 86_400_000

export interface RiskSurroundings {
  ask(): Promise<Persistence>
  /** An app that is installed has nothing better to offer. */
  isInstalled(): boolean
  now(): number
  storage: Pick<Storage, 'getItem' | 'setItem'>
}

const browser = (): RiskSurroundings => ({
  ask: () => askToKeep(),
  isInstalled: () => matchMedia('(display-mode: standalone)').matches,
  now: () => Date.now(),
  storage: localStorage,
})

export class StorageRisk {
  readonly told = liveValue(false)
  readonly #around: RiskSurroundings

  constructor(around = browser()) {
    this.#around = around
  }

  /** Asks the browser to keep what is here. To be called once somebody has signed in. */
  async look(): Promise<void> {
    const { ask, isInstalled, now, storage } = this.#around
    const { kind } = await ask()
    const quiet = now() - Number(storage.getItem(PUT_OFF)) < LATER
    this.told.set(kind === 'evictable' && !isInstalled() && !quiet)
  }

  putOff(): void {
    this.#around.storage.setItem(PUT_OFF, String(this.#around.now()))
    this.told.set(false)
  }
}
