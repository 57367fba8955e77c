/**
 * What the server says of a group to its members, sealed: should the server lose it, it knows its own
 * word again when a device hands it back, and takes nobody else's.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { GroupStatement } from '@wardline/core/chat/group-statement'

/** Seals statements with a key that only this clinic's server has. */
export class GroupSeal {
  readonly #key: string

  constructor(key: string) {
    this.#key = key
  }

  seal(statement: GroupStatement): string {
    return createHmac('sha256', this.#key).update(textOf(statement)).digest('base64url')
  }

  isMine(statement: GroupStatement, seal: string): boolean {
    const expected = Buffer.from(this.seal(statement))
    const given = Buffer.from(seal)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
}

const textOf = ({ chat, version, title, at, top, members }: GroupStatement): string =>
  JSON.stringify([
    'wardline group',
    chat,
    version,
    title,
    at,
    top,
    members.map(({ index, userId, since }) => [index, userId, since]),
  ])
