import type { Person } from './person.ts'

/** Puts the clock of a person's tab forward by so many ms, or back; timers go on as they are. */
export const shiftClock = (person: Person, ms: number): Promise<void> =>
  person.page.evaluate((by) => {
    const { Date: Before } = globalThis
    class Shifted extends Before {
      constructor(...parts: []) {
        if (parts.length === 0) super(Before.now() + by)
        else super(...parts)
      }
      static override now(): number {
        return Before.now() + by
      }
    }
    globalThis.Date = Shifted as DateConstructor
  }, ms)
