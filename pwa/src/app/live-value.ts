/** A value that tells its listeners when it changes. */

/** `get` returns the same object until it changes. */
export interface Readable<T> {
  get: () => T
  /** Returns how to stop listening. */
  subscribe: (listener: () => void) => () => void
}

export interface Value<T> extends Readable<T> {
  set: (next: T) => void
  change: (step: (now: T) => T) => void
}

export const liveValue = <T>(initial: T): Value<T> => {
  let value = initial
  const listeners = new Set<() => void>()
  const set = (next: T) => {
    value = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => value,
    set,
    change: (step) => set(step(value)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
