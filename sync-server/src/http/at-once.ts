import type { UserId } from '@wardline/core/base/ids'
import type { Response } from 'express'
import { Semaphore } from '../base/semaphore.ts'

/** Requests of a person that are in work, or whose answers are on their way, at once. */
export const MAX_REQUESTS_AT_ONCE = 16

/**
 * Lets so many requests of each person be in work at a time: what is made for an answer stays in
 * memory until it was taken in. The others wait; how many those can be is the throttle's to say.
 */
export class AtOnce {
  readonly #limit: number
  readonly #people = new Map<UserId, { readonly turns: Semaphore; count: number }>()

  constructor(limit = MAX_REQUESTS_AT_ONCE) {
    this.#limit = limit
  }

  /** Resolves when it is the request's turn, which ends with its response. False if it has ended. */
  async turn(user: UserId, response: Response | undefined): Promise<boolean> {
    const own = this.#people.get(user) ?? { turns: new Semaphore(this.#limit), count: 0 }
    this.#people.set(user, own)
    own.count++
    const done = await own.turns.take()
    const end = (): void => {
      done()
      if (--own.count === 0) this.#people.delete(user)
    }
    if (response?.closed === true) {
      end()
      return false
    }
    response?.once('close', end)
    return true
  }
}
