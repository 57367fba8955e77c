/** Tells the person that the device's own database refuses to save. */
import { LocalStoreError } from './local-store.ts'

export class StorageProblem {
  readonly #changed: () => void
  #problem: string | null = null

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** In words for the person; null while all is well. */
  get problem(): string | null {
    return this.#problem
  }

  /** Give it to `catch` where a failure would otherwise be nobody's. */
  readonly raise = (error: unknown): void => {
    this.#problem =
      error instanceof LocalStoreError && error.code === 'quota'
        ? 'There is no room left on this device. Free some space; nothing new can be saved until then.'
        : 'This device could not save. Reload the page; what was saved before is safe.'
    this.#changed()
  }
}
