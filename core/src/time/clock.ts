/**
 * Two clocks, for two questions. What time it is can be wrong, and is corrected while things run:
 * it dates what people see, and never measures how long something takes.
 */
export interface Clock {
  /** Milliseconds since 1970, as the machine believes. May jump, in both directions. */
  now(): number
  /**
   * Milliseconds since some moment. Only ever grows, and nobody can set it; it may stand still
   * while the machine sleeps. See {@link Age} for where that would matter.
   */
  elapsed(): number
}

export interface Timers extends Clock {
  /** Calls back once after `ms`; returns the function that prevents it. */
  after(ms: number, callback: () => void): () => void
}
