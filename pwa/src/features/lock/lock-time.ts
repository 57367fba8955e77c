/** When a device that is shared locks itself. All in ms, or in minutes where it says so. */

/**
 * Minutes after which it does; 0: never. The person can ask for less than the clinic, not for more.
 *
 * @param own what the person chose for this device; 0: nothing
 */
export const lockMinutesOf = (clinic: number, own: number): number =>
  clinic === 0 ? own : own === 0 ? clinic : Math.min(clinic, own)

/** @param activeAt when the person did something last; 0: unknown, as on a device of before */
export const isDue = (minutes: number, activeAt: number, now: number): boolean =>
  minutes > 0 && activeAt > 0 && Math.abs(now - activeAt) >= minutes * 60_000
