/** How many bytes of files people keep on the server, so that one can say when it is enough. */
import type { ChatId, UserId } from '@wardline/core/base/ids'
import { Lru } from '../base/lru.ts'
import { membershipPrefix, readMembership } from '../directory/chat-record.ts'
import type { Store } from '../storage/store.ts'
import { type FileRecord, fileKey, filesPrefix, payersOf, readFileRecord } from './file-record.ts'

/** People whose bytes are kept in memory: to know them, all files of their chats are looked at. */
const KEPT = 10_000

export interface KeptFiles {
  /** All of them, bytes. */
  bytes: number
  /** Of these, the ones that no message is known to have. */
  unreferenced: number
}

/** Methods reject with `StoreError`. */
export class FileUsage {
  readonly #store: Pick<Store, 'listRecords' | 'onReset'>
  #kept = new Lru<UserId, KeptFiles>(KEPT)
  /** Grows with every change: what was added up before is not to be kept. */
  #age = 0

  constructor(store: Pick<Store, 'listRecords' | 'onReset'>) {
    this.#store = store
    store.onReset(() => {
      this.#kept = new Lru(KEPT)
    })
  }

  async of(user: UserId): Promise<Readonly<KeptFiles>> {
    const known = this.#kept.get(user)
    if (known !== undefined) return known
    const age = this.#age
    const kept = { bytes: 0, unreferenced: 0 }
    for (const { file } of await this.#filesOf(user)) add(kept, file, 1)
    if (age === this.#age) this.#kept.set(user, kept)
    return kept
  }

  /** Those that a person pays for and that no message is known to have, by chat. */
  async unreferencedOf(user: UserId): Promise<ReadonlyMap<ChatId, ReadonlySet<string>>> {
    const found = new Map<ChatId, Set<string>>()
    for (const { chat, hash, file } of await this.#filesOf(user))
      if (file.seen !== true) found.set(chat, (found.get(chat) ?? new Set()).add(hash))
    return found
  }

  /** A file of a chat was this, and is that; undefined: it was, or is, not there. */
  changed(before: FileRecord | undefined, after: FileRecord | undefined): void {
    this.#age++
    const count = (file: FileRecord | undefined, sign: 1 | -1): void => {
      for (const user of file === undefined ? [] : payersOf(file)) {
        const kept = this.#kept.get(user)
        if (kept !== undefined && file !== undefined) add(kept, file, sign)
      }
    }
    count(before, -1)
    count(after, 1)
  }

  async #filesOf(
    user: UserId,
  ): Promise<readonly { chat: ChatId; hash: string; file: FileRecord }[]> {
    const memberships = await this.#store.listRecords(membershipPrefix(user))
    const lists = await Promise.all(
      memberships.map(async ({ value }) => {
        const chat = readMembership(value)
        const records = await this.#store.listRecords(filesPrefix(chat))
        return records.map((record) => ({
          chat,
          hash: record.key.slice(fileKey(chat, '').length),
          file: readFileRecord(record.value),
        }))
      }),
    )
    return lists.flat().filter(({ file }) => payersOf(file).has(user))
  }
}

const add = (kept: KeptFiles, file: FileRecord, sign: 1 | -1): void => {
  kept.bytes += sign * file.size
  if (file.seen !== true) kept.unreferenced += sign * file.size
}
