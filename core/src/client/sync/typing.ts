/** Who is typing where. Sent at most every 3 s while it lasts, gone 6 s after the last sign. */
import { clientIdOf, type MemberIndex, type Writer } from '../../base/client-id.ts'
import { type ChatId, parseUserId, type UserId } from '../../base/ids.ts'
import { readAwareness, writeAwareness } from '../../presence/awareness-codec.ts'
import type { Timers } from '../model/ports.ts'

/** Milliseconds. */
const REPEAT = 3_000
const GONE_AFTER = 6_000

export class Typists {
  readonly #timers: Timers
  readonly #changed: (chat: ChatId) => void
  readonly #typing = new Map<ChatId, Map<number, { user: UserId; cancel: () => void }>>()
  /** What the leading tab says, while this one does not lead. */
  readonly #told = new Map<ChatId, readonly string[]>()
  #leads = false

  constructor(timers: Timers, changed: (chat: ChatId) => void) {
    this.#timers = timers
    this.#changed = changed
  }

  /** Takes in an awareness update of the chat's document, as the server stamped it. */
  received(chat: ChatId, update: Uint8Array): void {
    for (const { client, state } of readAwareness(update) ?? []) {
      const typing = this.#typing.get(chat) ?? new Map()
      this.#typing.set(chat, typing)
      typing.get(client)?.cancel()
      typing.delete(client)
      const user = typistIn(state)
      if (user === undefined) continue
      const cancel = this.#timers.after(GONE_AFTER, () => {
        typing.delete(client)
        this.#changed(chat)
      })
      typing.set(client, { user, cancel })
    }
    this.#changed(chat)
  }

  /** The leading tab says who is typing in a chat. */
  told(chat: ChatId, users: readonly string[]): void {
    if (!this.#leads) this.#told.set(chat, users)
  }

  /** This tab hears it from the server itself now. */
  lead(): void {
    this.#leads = true
    this.#told.clear()
  }

  /** Ids of people. */
  in(chat: ChatId): readonly string[] {
    const told = this.#told.get(chat)
    if (told !== undefined) return told
    const typing = this.#typing.get(chat)
    if (typing === undefined || typing.size === 0) return nobody
    return [...new Set([...typing.values()].map(({ user }) => user))]
  }

  /** The connection is gone: nobody is known to be typing. */
  clear(): void {
    for (const [chat, typing] of this.#typing) {
      for (const { cancel } of typing.values()) cancel()
      typing.clear()
      this.#changed(chat)
    }
  }
}

const nobody: readonly string[] = []

const typistIn = (state: unknown): UserId | undefined => {
  if (typeof state !== 'object' || state === null) return undefined
  const { user, typing } = state as { user?: unknown; typing?: unknown }
  return typing === true && typeof user === 'string' ? parseUserId(user) : undefined
}

/** This device's own typing, throttled. */
export class TypingSignal {
  readonly #timers: Timers
  readonly #writer: Writer
  readonly #send: (chat: ChatId, update: Uint8Array) => void
  readonly #sentAt = new Map<ChatId, number>()
  #clock = 0

  constructor(timers: Timers, writer: Writer, send: (chat: ChatId, update: Uint8Array) => void) {
    this.#timers = timers
    this.#writer = writer
    this.#send = send
  }

  set(chat: ChatId, index: MemberIndex, typing: boolean): void {
    const sentAt = this.#sentAt.get(chat)
    const now = this.#timers.elapsed()
    if (typing ? sentAt !== undefined && now - sentAt < REPEAT : sentAt === undefined) return
    if (typing) this.#sentAt.set(chat, now)
    else this.#sentAt.delete(chat)
    const client = clientIdOf(index, this.#writer)
    const state = typing ? { typing: true } : null
    this.#send(chat, writeAwareness([{ client, clock: ++this.#clock, state }]))
  }
}
