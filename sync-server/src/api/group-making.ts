import { createHash } from 'node:crypto'
import { parseChatId, type UserId } from '@wardline/core/base/ids'
import type { Chat } from '../directory/chat-record.ts'
import type { Directory } from '../directory/directory.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { IdempotencyKeys } from './idempotency.ts'

export interface NewGroup {
  readonly title: string
  readonly memberIds: readonly UserId[]
}

/** Makes groups, each once for an idempotency key. */
export class GroupMaking {
  readonly #directory: Pick<Directory, 'groups' | 'chatOf'>
  readonly #keys: IdempotencyKeys

  constructor(directory: Pick<Directory, 'groups' | 'chatOf'>, keys: IdempotencyKeys) {
    this.#directory = directory
    this.#keys = keys
  }

  /** Fails like `Groups.create`, and with `idempotency-key-reused`. Rejects with `StoreError`. */
  async make(
    user: UserId,
    group: NewGroup,
    key: string | undefined,
  ): Promise<Result<Chat, Failure>> {
    const { groups } = this.#directory
    const { title, memberIds } = group
    if (key === undefined) return groups.create(user, title, memberIds)
    return this.#keys.hold(user, key, async ({ first, claim }) => {
      const request = fingerprintOf(group)
      if (first === undefined)
        return groups.create(user, title, memberIds, (id) => [claim({ group: id, request })])
      if (!('group' in first) || first.request !== request) return failure('idempotency-key-reused')
      const id = parseChatId(first.group)
      const made = id && (await this.#directory.chatOf(id))
      return made === undefined ? failure('chat-not-found') : ok(made)
    })
  }
}

/** The same for the same members in whatever order: it says which request this is, and not what. */
const fingerprintOf = ({ title, memberIds }: NewGroup): string =>
  createHash('sha256')
    .update(JSON.stringify([title, [...new Set(memberIds)].sort()]))
    .digest('hex')
