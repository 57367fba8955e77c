/**
 * Who opened which chat, for the audit trail: one line for a person, a chat and a day, and one more
 * for each sign-in. What a device synchronizes is nobody's reading, so devices say what was on a
 * screen; of others, what they asked for counts.
 */
import type { ChatId, UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { contend } from '@wardline/core/time/contend'
import { z } from 'zod'
import { Lru } from '../base/lru.ts'
import type { Chat } from '../directory/chat-record.ts'
import type { Store } from '../storage/store.ts'

const DAY = 86_400_000
/** How long a device may have been out of reach for what it says to be dated as it says, ms. */
export const OLDEST_OPENING = 31 * DAY
/** Days and sign-ins of a person in a chat that are remembered; of older ones a second line may come. */
const MAX_MARKS = 64
/** Marks that are known without a look into the store. */
const KNOWN = 50_000

/** On the screen of a device, over HTTP, or by a program that follows the chat's documents. */
export type Way = 'app' | 'api' | 'sync'

export interface Reader {
  readonly userId: UserId
  readonly session: string
}

export interface OpeningsOptions {
  readonly store: Pick<Store, 'getRecord' | 'commit'>
  readonly chatOf: (id: ChatId) => Promise<Chat | undefined>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told when a line could not be written that nobody waits for. */
  readonly onError?: (error: unknown) => void
}

const marksSchema = z.array(z.string())

export const OPENED_PREFIX = 'opened/'
/** Everything that is remembered of what somebody opened. */
export const openedPrefix = (user: UserId): string => `${OPENED_PREFIX}${user}/`

/** Methods reject with `StoreError`. */
export class Openings {
  readonly #options: OpeningsOptions
  readonly #known = new Lru<string, true>(KNOWN)
  readonly #turns = new Serial<UserId>()

  constructor(options: OpeningsOptions) {
    this.#options = options
  }

  /** {@link note} for who has something else to wait for. */
  noteSoon(reader: Reader, chat: ChatId, way: Way): void {
    this.note(reader, chat, this.#options.now(), way).catch((error: unknown) =>
      this.#options.onError?.(error),
    )
  }

  /**
   * Resolves when it is durable; false if the reader is in no such chat.
   *
   * @param at milliseconds since 1970, by a clock that may be wrong
   */
  async note(reader: Reader, chat: ChatId, at: number, way: Way): Promise<boolean> {
    const { userId, session } = reader
    const now = this.#options.now()
    const openedAt = Math.min(Math.max(at, now - OLDEST_OPENING), now)
    const mark = `${new Date(openedAt).toISOString().slice(0, 10)} ${session}`
    const known = `${userId} ${chat} ${mark}`
    if (this.#known.get(known) !== undefined) return true
    const found = await this.#options.chatOf(chat)
    if (found === undefined || !found.members.some((member) => member.userId === userId))
      return false
    await this.#turns.run(userId, () => this.#write(reader, found, { mark, openedAt, way }))
    this.#known.set(known, true)
    return true
  }

  async #write(
    { userId }: Reader,
    chat: Chat,
    { mark, openedAt, way }: { mark: string; openedAt: number; way: Way },
  ): Promise<void> {
    const { store, now } = this.#options
    const key = openedPrefix(userId) + chat.id
    const patients = chat.members.filter(
      (each) => each.role === 'patient' && each.userId !== userId,
    )
    await contend(async () => {
      const found = await store.getRecord(key)
      const marks = found === undefined ? [] : marksSchema.parse(found.value)
      if (marks.includes(mark)) return true
      const details = { openedAt: new Date(openedAt).toISOString(), way }
      const done = await store.commit({
        records: [{ key, value: [...marks, mark].slice(-MAX_MARKS), expect: found?.version ?? 0 }],
        audit: [
          {
            at: now(),
            actor: userId,
            action: 'chat.read',
            subject: chat.id,
            concerns: patients.map((each) => each.userId),
            details,
          },
        ],
      })
      return done.kind === 'committed' ? true : undefined
    })
  }
}
