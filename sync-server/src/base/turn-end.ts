/** What has gathered something that goes out together. */
export interface Flushable {
  flush(): void
}

/**
 * Has things flushed when the work of this moment is done: one microtask for however many there are.
 * What is added meanwhile is flushed as well, after those before it.
 */
export class TurnEnd {
  #waiting: Flushable[] = []
  #planned = false

  /** The caller keeps count: what is added twice is flushed twice. */
  add(one: Flushable): void {
    this.#waiting.push(one)
    if (this.#planned) return
    this.#planned = true
    queueMicrotask(this.#run)
  }

  readonly #run = (): void => {
    this.#planned = false
    const waiting = this.#waiting
    this.#waiting = []
    let at = 0
    try {
      while (at < waiting.length) waiting[at++]?.flush()
    } finally {
      // A fault in one of them must not keep the others waiting.
      for (const left of waiting.slice(at)) this.add(left)
    }
  }
}
