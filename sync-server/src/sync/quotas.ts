/**
 * What people may keep on the server, over all months and all chats. The gate bounds one month of
 * one member; how many months and chats there are is for its writers to choose, so that alone
 * bounds nothing.
 *
 * What a chat takes is what the store says of its documents. What a person has written is counted
 * in a record of theirs, which is written with the rows themselves, a step ahead, so that not every
 * message costs a write of it. A person who seems to have used up their quota is counted anew, for
 * compaction and what was taken back give room again.
 */
import { indexOf, type MemberIndex } from '@wardline/core/base/client-id'
import { type ChatId, type Month, parseDocName, type UserId } from '@wardline/core/base/ids'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { parseUpdate } from '@wardline/core/update/parse-update'
import { z } from 'zod'
import { Kept } from '../base/kept.ts'
import type { Timers } from '../base/timers.ts'
import { DEFAULT_QUOTAS, type Quotas as Limits } from '../config/quotas.ts'
import { type Chat, membershipPrefix, readMembership } from '../directory/chat-record.ts'
import { rowsOf } from '../storage/doc-content.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import type { Log } from './ports.ts'

type QuotaLimits = Pick<Limits, 'patientBytes' | 'doctorBytes' | 'chatBytes'>

/** Months of a chat besides those since it was made: a phone's clock, or a history brought along. */
export const MAX_PAGES_BEFORE = 60
/** How far ahead, in bytes, the record of a person is: what is written before it is written again. */
const STEP = 16 * 1024
/**
 * What is kept, in quotas of the person, for receipts and taking back when nothing else fits: who
 * can write no more still reads, and somebody else's flood is no reason to refuse that.
 */
const RESERVE = 1
/**
 * Counting anew reads all that a person has written: not before so many ms, and not before a
 * hundred times as long as it took.
 */
const COUNT_EVERY = 60_000
const COUNT_REST = 100

/** `counted`: with all that was written before there were quotas. */
/** What an entry or a receipt costs beside its bytes: whoever folds them pays for each. */
export const CLOCK_BYTES = 200

/** People, and chats, of which it is kept in memory though nobody has a document of theirs open. */
const KEPT = 20_000

const usageSchema = z.object({ bytes: z.number(), counted: z.boolean() })

export const usageKey = (user: UserId): string => `usage/${user}`

interface Used {
  bytes: number
  readonly max: number
}

interface PersonUsed extends Used {
  readonly user: UserId
  /** What the record says, or will when what is on its way is stored. */
  noted: number
  counted: boolean
  /** Before when it is not counted again, ms on a clock that only goes on. */
  restsUntil: number
}

/** What of an accepted update matters here. */
export interface Weighed {
  readonly bytes: number
  readonly clocks: number
  /** Whether it has entries other than retractions. */
  readonly speaks: boolean
}

export interface QuotasOptions {
  readonly store: Pick<
    Store,
    'getRecord' | 'listRecords' | 'changedSince' | 'sizes' | 'read' | 'commit' | 'onReset'
  >
  chatOf(id: ChatId): Promise<Chat | undefined>
  readonly timers: Timers
  readonly limits?: Partial<QuotaLimits>
  readonly log?: Log
}

/** One member of one chat, with all at hand that tells whether something still fits. */
export class MemberQuota {
  readonly #quotas: Quotas
  readonly #person: PersonUsed
  readonly #chat: Used

  constructor(quotas: Quotas, person: PersonUsed, chat: Used) {
    this.#quotas = quotas
    this.#person = person
    this.#chat = chat
  }

  fits({ bytes, clocks, speaks }: Weighed): boolean {
    const person = this.#person
    const most = speaks ? person.max : person.max * (1 + RESERVE)
    const isWithin = person.bytes + bytes + clocks * CLOCK_BYTES <= most
    if (!isWithin) this.#quotas.countSoon(person)
    return isWithin && (!speaks || this.#chat.bytes + bytes <= this.#chat.max)
  }

  /** Counts what is about to be stored, and returns what has to be stored with it. */
  take({ bytes, clocks }: Omit<Weighed, 'speaks'>): readonly RecordWrite[] {
    this.#chat.bytes += bytes
    this.#person.bytes += bytes + clocks * CLOCK_BYTES
    if (this.#person.bytes <= this.#person.noted) return []
    this.#person.noted = this.#person.bytes + STEP
    return [noteOf(this.#person)]
  }
}

/** Methods reject with `StoreError`. */
export class Quotas {
  readonly #options: QuotasOptions
  readonly #limits: QuotaLimits
  /** One small object for everybody who wrote lately, or may, and for each chat. */
  readonly #people = new Kept<UserId, PersonUsed>(KEPT)
  readonly #chats = new Kept<ChatId, Used>(KEPT)
  /** One count after the other. */
  #counting: Promise<void> = Promise.resolve()
  readonly #waiting = new Set<UserId>()
  #stopped = false

  constructor(options: QuotasOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_QUOTAS, ...options.limits }
    options.store.onReset(() => this.#forget())
  }

  /** Undefined for who is not in the chat. */
  async memberQuota(id: ChatId, index: MemberIndex): Promise<MemberQuota | undefined> {
    const member = (await this.#options.chatOf(id))?.members.find((one) => one.index === index)
    if (member === undefined) return undefined
    const { patientBytes, doctorBytes } = this.#limits
    const max = member.role === 'patient' ? patientBytes : doctorBytes
    const [person, chat] = await Promise.all([this.#person(member.userId, max), this.#chat(id)])
    return new MemberQuota(this, person, chat)
  }

  /** Whether a chat may have another month. */
  async mayBegin(id: ChatId, month: Month): Promise<boolean> {
    const chat = await this.#options.chatOf(id)
    if (chat === undefined || chat.pages.includes(month)) return true
    const age = monthsBetween(chat.createdAt, this.#options.timers.now())
    return chat.pages.length < MAX_PAGES_BEFORE + age
  }

  /** A document of the chat takes less than before. */
  shrank(id: ChatId): void {
    this.#chats
      .found(id)
      ?.then(async (used) => {
        const before = used.bytes
        const measured = await this.#measure(id)
        // What came meanwhile is on top of it.
        used.bytes = measured + (used.bytes - before)
      })
      .catch((error: unknown) => this.#failed(error))
  }

  /** Counts what somebody has written, unless that was done a moment ago. */
  countSoon(person: PersonUsed): void {
    const { restsUntil, user } = person
    if (this.#waiting.has(user) || this.#stopped) return
    if (this.#options.timers.elapsed() < restsUntil) return
    this.#waiting.add(user)
    this.#counting = this.#counting
      .then(() => this.#count(person))
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#waiting.delete(user))
  }

  /** When nothing is being counted. */
  idle(): Promise<void> {
    return this.#counting
  }

  stop(): Promise<void> {
    this.#stopped = true
    return this.#counting
  }

  #person(user: UserId, max: number): Promise<PersonUsed> {
    return this.#people.of(user, async () => {
      const found = await this.#options.store.getRecord(usageKey(user))
      const { bytes, counted } =
        found === undefined ? { bytes: 0, counted: false } : usageSchema.parse(found.value)
      const person = { user, bytes, max, noted: bytes, counted, restsUntil: 0 }
      if (!counted) this.countSoon(person)
      return person
    })
  }

  #chat(id: ChatId): Promise<Used> {
    return this.#chats.of(id, async () => ({
      bytes: await this.#measure(id),
      max: this.#limits.chatBytes,
    }))
  }

  async #measure(id: ChatId): Promise<number> {
    const { store } = this.#options
    const docs = await store.changedSince([`chat/${id}`], 0)
    const sizes = await Promise.all(docs.map(({ doc }) => store.sizes(doc)))
    return sizes.reduce((sum, each) => sum + each.snapshotBytes + each.tailBytes, 0)
  }

  async #count(person: PersonUsed): Promise<void> {
    const { store, timers } = this.#options
    const before = person.bytes
    const started = timers.elapsed()
    let bytes = 0
    for (const { value } of await store.listRecords(membershipPrefix(person.user))) {
      const chat = await this.#options.chatOf(readMembership(value))
      const index = chat?.members.find(({ userId }) => userId === person.user)?.index
      if (chat === undefined || index === undefined) continue
      for (const { doc } of await store.changedSince([`chat/${chat.id}`], 0)) {
        if (parseDocName(doc)?.kind !== 'page') continue
        for (const { update } of rowsOf(await store.read(doc))) bytes += laneWeight(update, index)
        await new Promise(setImmediate) // let sockets be served between two pages
        if (this.#stopped) return
      }
    }
    person.bytes = bytes + (person.bytes - before)
    const now = timers.elapsed()
    person.restsUntil = now + Math.max(COUNT_EVERY, (now - started) * COUNT_REST)
    person.counted = true
    if (bytes <= STEP) return // It is noted with the first row, or was.
    person.noted = person.bytes
    await store.commit({ records: [noteOf(person)] })
  }

  /** What is in memory counts what was on its way, which nobody knows the fate of. */
  #forget(): void {
    this.#people.clear()
    this.#chats.clear()
  }

  #failed(error: unknown): void {
    this.#options.log?.('warn', 'quota.not-counted', { message: String(error) })
  }
}

const noteOf = ({ user, noted, counted }: PersonUsed): RecordWrite => ({
  key: usageKey(user),
  value: { bytes: noted, counted },
})

/** What a member's structs in an update from the store weigh. */
const laneWeight = (update: Uint8Array, index: MemberIndex): number => {
  const parsed = parseUpdate(update, () => 'span', STORED_LIMITS)
  if (!parsed.ok) throw new Error(`a stored update: ${parsed.message}`)
  return parsed.blocks.reduce(
    (sum, { client, bytes, clock, end }) =>
      indexOf(client) === index ? sum + bytes + (end - clock) * CLOCK_BYTES : sum,
    0,
  )
}

/** Whole months, 0 within one. */
const monthsBetween = (from: number, to: number): number => {
  const [start, end] = [new Date(from), new Date(to)]
  const months = (end.getUTCFullYear() - start.getUTCFullYear()) * 12
  return Math.max(0, months + end.getUTCMonth() - start.getUTCMonth())
}
