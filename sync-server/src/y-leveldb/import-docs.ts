/**
 * What the documents of a folder have and the database lacks, into the database: as the devices of
 * its people would give it back, of those who have accounts here. See docs/adr for what that means.
 */
import {
  type ChatId,
  type DocName,
  type DocRef,
  directPair,
  parseDocName,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { lostStatements } from '@wardline/core/chat/group-statement'
import { OWNER_INDEX, SYS } from '@wardline/core/chat/lanes'
import { readChatSys } from '@wardline/core/chat/sys'
import { systemTimers } from '../base/timers.ts'
import type { Chat } from '../directory/chat-record.ts'
import { Directory } from '../directory/directory.ts'
import type { GroupSeal } from '../directory/group-seal.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { withDoc } from '../storage/doc-content.ts'
import { withDocOf } from '../storage/merge.ts'
import type { Store } from '../storage/store.ts'
import { usageKey } from '../sync/quotas.ts'
import { type GivenDoc, giveBack } from './give-back.ts'
import type { ReadableDocs } from './read-folder.ts'

/**
 * A line to print, or lines that name what of the folder is not in the database. What could be
 * imported is in it in both cases; once more does no harm. Rejects with `StoreError`.
 */
export const importDocs = (
  store: Store,
  seal: GroupSeal,
  docs: ReadableDocs,
): Promise<Result<string, string>> => new Import(store, seal, docs).run()

type Entries = readonly (readonly [string, unknown])[]

class Import {
  readonly #store: Store
  readonly #seal: GroupSeal
  readonly #docs: ReadableDocs
  readonly #directory: Directory
  readonly #problems: string[] = []
  readonly #wrote = new Set<UserId>()
  #changed = 0

  constructor(store: Store, seal: GroupSeal, docs: ReadableDocs) {
    this.#store = store
    this.#seal = seal
    this.#docs = docs
    this.#directory = new Directory({ store, seal })
  }

  async run(): Promise<Result<string, string>> {
    const refs = this.#docs.names.map((name) => ({ name, ref: refOf(name) }))
    // Groups first: who is in them decides whose lanes there are.
    for (const { name, ref } of refs) if (ref.kind === 'user') await this.#user(name, ref)
    const begins = new Map<ChatId, number>()
    for (const { name, ref } of refs)
      if (ref.kind === 'chat') begins.set(ref.chat, await this.#beginOf(name))
    for (const { name, ref } of refs)
      if (ref.kind !== 'user') await this.#ofChat(name, ref, begins.get(ref.chat))
    await this.#note()
    const count = `${refs.length} documents, ${this.#changed} of which had something new`
    return this.#problems.length === 0
      ? ok(`${count}: all that people wrote in them is in the database, read back and compared`)
      : err([`${count}; not all is in the database:`, ...this.#problems].join('\n'))
  }

  async #user(name: DocName, ref: DocRef & { kind: 'user' }): Promise<void> {
    if ((await this.#directory.getUser(ref.user)) === undefined)
      return this.#leaveOut(name, 'there is no such account')
    const update = await this.#docs.read(name)
    const known = withDoc(await this.#store.read(userDoc(ref.user)), (doc) => [
      ...doc.getMap(SYS).entries(),
    ])
    for (const { statement, seal } of lostStatements(sysOf(update), known))
      await this.#directory.groups.recall(statement, seal, ref.user)
    const wrote = await this.#give({ ref, update, lanes: [OWNER_INDEX] }, async () => {})
    if (wrote.length > 0) this.#wrote.add(ref.user)
  }

  async #ofChat(
    name: DocName,
    ref: DocRef & { kind: 'chat' | 'page' },
    begin: number | undefined,
  ): Promise<void> {
    const chat = (await this.#directory.chatOf(ref.chat)) ?? (await this.#make(ref.chat, begin))
    if (chat === undefined) return this.#leaveOut(name, 'there is no such chat, nor can it be made')
    // In the chat's own document nobody but the server writes, and it does so of its records.
    if (ref.kind === 'chat') return
    const update = await this.#docs.read(name)
    const members = [...chat.members, ...(chat.group?.former ?? [])]
    const lanes = members.map(({ index }) => index)
    const wrote = await this.#give({ ref, update, lanes }, async () => {
      const listed = await this.#directory.registerPage(ref.chat, ref.month)
      if (!listed.ok) throw new Error(`${name} was not listed: ${listed.error.code}`)
    })
    for (const { index, userId } of members) if (wrote.includes(index)) this.#wrote.add(userId)
  }

  async #give(given: GivenDoc, begin: () => Promise<void>): Promise<readonly number[]> {
    const { wrote, problems } = await giveBack(this.#store, given, systemTimers.now(), begin)
    if (wrote.length > 0) this.#changed++
    this.#problems.push(...problems)
    return wrote
  }

  /** A direct chat of two who have accounts, begun when the folder says. */
  async #make(id: ChatId, begin: number | undefined): Promise<Chat | undefined> {
    const pair = directPair(id)
    if (pair === undefined) return undefined
    const now = Math.min(begin ?? systemTimers.now(), systemTimers.now())
    const clock = { now: () => now, elapsed: systemTimers.elapsed }
    const directory = new Directory({ store: this.#store, seal: this.#seal, clock })
    const made = await directory.registerDirectChat(pair.patient, pair.doctor, pair.patient)
    return made.ok ? made.value.chat : undefined
  }

  /** When a chat's first member joined, ms. */
  async #beginOf(name: DocName): Promise<number> {
    const { members } = readChatSys(sysOf(await this.#docs.read(name)))
    return Math.min(systemTimers.now(), ...members.map(({ at }) => at))
  }

  #leaveOut(name: DocName, why: string): void {
    this.#problems.push(`${name}: ${why}`)
  }

  /** On the record, and those who wrote something are counted anew by the quotas. */
  async #note(): Promise<void> {
    const details = {
      documents: this.#docs.names.length,
      changed: this.#changed,
      problems: this.#problems.length,
    }
    await this.#store.commit({
      records: [...this.#wrote].map((user) => ({ key: usageKey(user), value: null })),
      audit: [{ at: systemTimers.now(), actor: 'server', action: 'documents.imported', details }],
    })
  }
}

const refOf = (name: DocName): DocRef => {
  const ref = parseDocName(name)
  if (ref === undefined) throw new Error(`${name} was read as a document's name`)
  return ref
}

const sysOf = (update: Uint8Array): Entries =>
  withDocOf([update], (doc) => [...doc.getMap(SYS).entries()])
