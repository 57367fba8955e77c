/** People that the device has heard of, so that a chat can be started and named offline. */

import type { Person } from '../model/views.ts'
import type { LocalStore } from '../store/local-store.ts'

export class People {
  readonly #store: Pick<LocalStore, 'putMeta'>
  #people: readonly Person[]

  constructor(store: Pick<LocalStore, 'putMeta'>, people: readonly Person[]) {
    this.#store = store
    this.#people = people
  }

  all(): readonly Person[] {
    return this.#people
  }

  /** Adds people, or what is new about them. Resolves once that is stored. */
  async remember(people: readonly Person[]): Promise<void> {
    const byId = new Map([...this.#people, ...people].map((person) => [person.id, person]))
    this.#people = [...byId.values()]
    await this.#store.putMeta({ people: this.#people })
  }
}
