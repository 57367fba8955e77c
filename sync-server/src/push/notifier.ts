/**
 * Decides who hears of a message that has become durable: everybody in the chat but its author, on
 * every device that is not connected, unless they muted the chat.
 */
import type { MemberIndex } from '@wardline/core/ids/client-id'
import type { ChatId, UserId } from '@wardline/core/ids/ids'
import type { Logger } from '../config/logger.ts'
import type { Directory } from '../directory/directory.ts'
import type { Timers } from '../sync/timers.ts'
import type { MuteBook } from './mute-book.ts'
import { Pacer } from './pacer.ts'
import { PushQueue } from './push-queue.ts'
import type { SendPush } from './push-sender.ts'
import { type Subscription, subscriptionKey } from './subscription.ts'
import type { Subscriptions } from './subscriptions.ts'

/** Shortest time between two notifications of one chat on one device, ms. */
export const PACE_MS = 5_000
/** Requests to push services at the same time. */
const CONCURRENCY = 16
const MAX_QUEUED = 10_000
const MAX_PACED = 50_000
/** Chats whose new messages have not been looked at yet. */
const MAX_CHATS = 10_000

export interface NotifierOptions {
  readonly directory: Pick<Directory, 'chatOf'>
  readonly subscriptions: Pick<Subscriptions, 'of' | 'isLive' | 'removeIfSame'>
  readonly mutes: Pick<MuteBook, 'isMuted'>
  readonly send: SendPush
  /** Whether a subscription's device has a live connection. */
  readonly isConnected: (subscription: Subscription) => boolean
  readonly timers: Timers
  readonly log: Logger
  readonly random?: () => number
}

export class Notifier {
  readonly #options: NotifierOptions
  readonly #pacer: Pacer
  readonly #queue: PushQueue
  /** Chats with new messages, and who wrote them. */
  readonly #news = new Map<ChatId, Set<MemberIndex>>()
  #looking: Promise<void> | undefined
  #stopped = false

  constructor(options: NotifierOptions) {
    const { timers, log, random } = options
    this.#options = options
    this.#pacer = new Pacer(timers, PACE_MS, MAX_PACED)
    this.#queue = new PushQueue({
      timers,
      concurrency: CONCURRENCY,
      limit: MAX_QUEUED,
      onError: (error) => log('warn', 'push.failed', { message: String(error) }),
      ...(random && { random }),
    })
  }

  /** Returns at once: whoever stores a message does not wait for this. */
  noteMessage(chat: ChatId, author: MemberIndex): void {
    if (this.#stopped) return
    const authors = this.#news.get(chat)
    if (authors !== undefined) authors.add(author)
    else if (this.#news.size < MAX_CHATS) this.#news.set(chat, new Set([author]))
    else return this.#dropped(chat)
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#news.clear()
    this.#pacer.stop()
    await this.#looking
    await this.#queue.stop()
  }

  async #look(): Promise<void> {
    // After the commit that this comes from has been told to everybody.
    await Promise.resolve()
    for (const [chat, authors] of this.#news) {
      this.#news.delete(chat)
      try {
        await this.#spread(chat, authors)
      } catch (error) {
        this.#options.log('warn', 'push.failed', { chat, message: String(error) })
      }
    }
  }

  async #spread(id: ChatId, authors: ReadonlySet<MemberIndex>): Promise<void> {
    const { directory, subscriptions, isConnected } = this.#options
    const chat = await directory.chatOf(id)
    for (const { userId, index } of chat?.members ?? []) {
      // Of two who write, each has something new to read.
      if (authors.size === 1 && authors.has(index)) continue
      for (const subscription of await subscriptions.of(userId)) {
        if (this.#stopped) return
        if (!isConnected(subscription)) this.#plan(subscription, id)
      }
    }
  }

  #plan({ user, session }: Subscription, chat: ChatId): void {
    const planned = this.#pacer.run(`${subscriptionKey(user, session)} ${chat}`, () => {
      if (!this.#queue.add(() => this.#attempt(user, session, chat))) this.#dropped(chat)
    })
    if (!planned) this.#dropped(chat)
  }

  /** Looks at everything again: what was true when the message came need not be true now. */
  async #attempt(user: UserId, session: string, chat: ChatId): Promise<number | undefined> {
    const { directory, subscriptions, mutes, send, isConnected, log } = this.#options
    const found = (await subscriptions.of(user)).find((each) => each.session === session)
    if (found === undefined || isConnected(found)) return undefined
    const members = (await directory.chatOf(chat))?.members ?? []
    if (!members.some(({ userId }) => userId === user)) return undefined
    if (await mutes.isMuted(user, chat)) return undefined
    if (!(await subscriptions.isLive(found))) return undefined
    if (this.#stopped) return undefined
    const delivery = await send(found, chat)
    switch (delivery.kind) {
      case 'sent':
        return undefined
      case 'gone':
        await subscriptions.removeIfSame(found)
        log('info', 'push.unsubscribed', { user })
        return undefined
      case 'later':
      case 'refused': {
        const { status } = delivery
        // Only the name of the service: the rest of the address is what lets one write to it.
        const service = new URL(found.endpoint).host
        log('warn', 'push.not-sent', { user, service, status, retry: delivery.kind === 'later' })
        return delivery.kind === 'later' ? delivery.afterMs : undefined
      }
    }
  }

  #dropped(chat: ChatId): void {
    this.#options.log('warn', 'push.dropped', { chat })
  }
}
