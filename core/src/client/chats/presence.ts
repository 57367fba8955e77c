/** Who was online when the server last said so. */
import type { UserId } from '../../base/ids.ts'
import type { PersonPresence } from '../../protocol/frames.ts'

export class Presence {
  readonly #people = new Map<UserId, PersonPresence>()

  note(people: readonly PersonPresence[]): void {
    for (const person of people) this.#people.set(person.user, person)
  }

  of(user: UserId): PersonPresence | undefined {
    return this.#people.get(user)
  }

  all(): readonly PersonPresence[] {
    return [...this.#people.values()]
  }
}
