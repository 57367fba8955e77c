/**
 * A part of the app in a file of its own, of the same build: loaded when it is needed, or before,
 * while the device has nothing better to do. The service worker keeps all of them, so that they
 * are there without a network; until it does they can fail to come.
 */
export type ChunkState<T> = { kind: 'away' } | { kind: 'here'; parts: T } | { kind: 'failed' }

const away: ChunkState<never> = { kind: 'away' }
const failed: ChunkState<never> = { kind: 'failed' }

export class Chunk<T> {
  readonly #import: () => Promise<T>
  readonly #listeners = new Set<() => void>()
  #state: ChunkState<T> = away
  #loading: Promise<T> | undefined

  /** @param load the `import()` of it, which the build makes a file of */
  constructor(load: () => Promise<T>) {
    this.#import = load
  }

  /** The same object until it changes. */
  readonly get = (): ChunkState<T> => this.#state

  /** Returns how to stop listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Once, however often it is called; again after it failed, with which it rejects. */
  load(): Promise<T> {
    this.#loading ??= this.#load()
    return this.#loading
  }

  async #load(): Promise<T> {
    if (this.#state.kind === 'failed') this.#set(away)
    try {
      const parts = await this.#import()
      this.#set({ kind: 'here', parts })
      return parts
    } catch (error) {
      this.#loading = undefined
      this.#set(failed)
      throw error
    }
  }

  #set(state: ChunkState<T>): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
