/** Whoever is sent something takes in so much of it, in bytes a second, or is cut off. */
export const MIN_THROUGHPUT = 1024

/** What of something is on its way to the other side. */
export interface Sending {
  /** Bytes that were sent so far, those that have not left yet counted. */
  readonly sent: number
  /** Those that have not left yet. */
  readonly waiting: number
}

/** Tells, by looking now and then, whether the other side takes in what it is sent. */
export class MinThroughput {
  #left = 0
  #seen = false

  /**
   * Whether less left than {@link MIN_THROUGHPUT} since the last look, while there was more to take.
   *
   * @param seconds since the last look
   */
  isTooSlow({ sent, waiting }: Sending, seconds: number): boolean {
    const left = sent - waiting
    const took = left - this.#left
    const first = !this.#seen
    this.#left = left
    this.#seen = waiting > 0
    return !first && waiting > 0 && took < MIN_THROUGHPUT * seconds
  }
}
