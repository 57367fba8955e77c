/**
 * What whoever runs the server should look at though it works: told by `/healthz` beside its
 * verdict, as a code and how many, and never whose.
 */
export interface HealthNote {
  /** Words with hyphens; docs/http-api.md lists them. */
  readonly code: string
  readonly count: number
}

export class HealthNotes {
  readonly #counts = new Map<string, number>()

  /** 0: all is well with it. */
  set(code: string, count: number): void {
    if (count > 0) this.#counts.set(code, count)
    else this.#counts.delete(code)
  }

  list(): readonly HealthNote[] {
    return [...this.#counts].map(([code, count]) => ({ code, count }))
  }
}
