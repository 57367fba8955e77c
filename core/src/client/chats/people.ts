/** People that the device has heard of, so that a chat can be started and named offline. */

import type { UserId } from '../../base/ids.ts'
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

  /**
   * What chats show of people is newer than the last look into the directory. Whoever has no account
   * any more was born on no day.
   */
  async follow(members: readonly Person[]): Promise<void> {
    const shown = new Map(members.map((member) => [member.id, member]))
    await this.#put(this.#people.map((person) => following(person, shown.get(person.id))))
  }

  /** They were erased. */
  async forget(ids: ReadonlySet<UserId>): Promise<void> {
    await this.#put(this.#people.filter(({ id }) => !ids.has(id)))
  }

  /** Adds people, or what is new about them. Resolves once that is stored. */
  async remember(people: readonly Person[]): Promise<void> {
    const byId = new Map([...this.#people, ...people].map((person) => [person.id, person]))
    await this.#put([...byId.values()])
  }

  async #put(people: readonly Person[]): Promise<void> {
    const isSame =
      people.length === this.#people.length && people.every((one, i) => one === this.#people[i])
    if (isSame) return
    this.#people = people
    await this.#store.putMeta({ people })
  }
}

/** The same object when nothing is new. */
const following = (person: Person, shown: Person | undefined): Person => {
  if (shown === undefined) return person
  const { name, role, specialty, accountClosed } = shown
  const birthDate = accountClosed === true ? undefined : (shown.birthDate ?? person.birthDate)
  const isSame =
    name === person.name &&
    role === person.role &&
    specialty === person.specialty &&
    birthDate === person.birthDate
  if (isSame) return person
  return {
    ...{ id: person.id, name, role },
    ...(specialty !== undefined && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
  }
}
