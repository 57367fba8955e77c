/**
 * Attempts after which somebody who always loses gives up; more than two writers seldom meet. One
 * that is lost was lost to somebody who got further, so there is no pause before the next: what
 * fails for another reason fails at the first, and waits with a `Backoff`.
 */
const MOST = 8

/** Tries to write what others write, too. Undefined in the end, as for each attempt that was lost. */
export const contend = async <T>(
  attempt: () => Promise<T | undefined>,
  most = MOST,
): Promise<T | undefined> => {
  for (let round = 0; round < most; round++) {
    const outcome = await attempt()
    if (outcome !== undefined) return outcome
  }
  return undefined
}
