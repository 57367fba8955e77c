/**
 * Decides who hears of a message that has become durable: everybody in the chat but its author, on
 * every device that is not connected, or whose connection turns out to be dead, unless they muted
 * the chat.
 */
import type { MemberIndex } from '@wardline/core/base/client-id'
import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { Timers } from '../base/timers.ts'
import type { Logger } from '../config/logger.ts'
import type { Directory } from '../directory/directory.ts'
import type { Preferences } from '../directory/preferences.ts'
import { may } from '../permissions/permissions.ts'
import { Pacer } from './pacer.ts'
import { PushQueue } from './push-queue.ts'
import type { SendPush } from './push-sender.ts'
import { type Subscription, subscriptionKey } from './subscription.ts'
import type { Subscriptions } from './subscriptions.ts'
import { type Heard, UnheardConnections } from './unheard-connections.ts'

/** Shortest time between two notifications of one chat on one device, ms. */
export const PACE_MS = 5_000
/** How long a device that is connected has to answer a message, ms. */
export const UNHEARD_MS = 20_000
/** Requests to push services at the same time. */
const CONCURRENCY = 32
const MAX_QUEUED = 10_000
/** What of that is for one person, who may name services that never answer. */
const EACH = { concurrency: 2, limit: 500 }
const MAX_PACED = 50_000
const MAX_UNHEARD = 50_000
/** Chats whose new messages have not been looked at yet. */
const MAX_CHATS = 10_000

export interface NotifierOptions {
  readonly directory: Pick<Directory, 'chatOf' | 'knownChat' | 'getUser'>
  readonly subscriptions: Pick<Subscriptions, 'of' | 'known' | 'isLive' | 'removeIfSame'>
  readonly prefs: Pick<Preferences, 'of'>
  readonly send: SendPush
  /** The connections of a subscription's device. */
  readonly connectionsOf: (subscription: Subscription) => readonly Heard[]
  readonly timers: Timers
  readonly log: Logger
  readonly random?: () => number
}

/** What is new in a chat. */
interface News {
  readonly authors: Set<MemberIndex>
  /** When the last of it was told to those who are connected, ms. */
  at: number
}

export class Notifier {
  readonly #options: NotifierOptions
  readonly #pacer: Pacer
  readonly #queue: PushQueue
  readonly #unheard: UnheardConnections
  readonly #news = new Map<ChatId, News>()
  #looking: Promise<void> | undefined
  #stopped = false

  constructor(options: NotifierOptions) {
    const { timers, log, random } = options
    this.#options = options
    this.#pacer = new Pacer(timers, PACE_MS, MAX_PACED)
    this.#unheard = new UnheardConnections(timers, UNHEARD_MS, MAX_UNHEARD)
    this.#queue = new PushQueue({
      timers,
      concurrency: CONCURRENCY,
      limit: MAX_QUEUED,
      each: EACH,
      onError: (error) => log('warn', 'push.failed', { message: String(error) }),
      ...(random && { random }),
    })
  }

  /** Returns at once: whoever stores a message does not wait for this. */
  noteMessage(chat: ChatId, author: MemberIndex): void {
    if (this.#stopped) return
    const at = this.#options.timers.elapsed()
    const news = this.#news.get(chat)
    if (news !== undefined) {
      news.authors.add(author)
      news.at = at
    } else if (this.#news.size < MAX_CHATS) {
      this.#news.set(chat, { authors: new Set([author]), at })
    } else return this.#dropped(chat)
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
  }

  /** Notifications on their way, or waiting to be tried again. */
  get waiting(): number {
    return this.#queue.size
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#news.clear()
    this.#pacer.stop()
    this.#unheard.stop()
    await this.#looking
    await this.#queue.stop()
  }

  async #look(): Promise<void> {
    // After the commit that this comes from has been told to everybody.
    await Promise.resolve()
    for (const [chat, news] of this.#news) {
      this.#news.delete(chat)
      try {
        if (!this.#spreadKnown(chat, news)) await this.#spread(chat, news)
      } catch (error) {
        this.#options.log('warn', 'push.failed', { chat, message: String(error) })
      }
    }
  }

  /** At once, if all that it takes was read lately; false otherwise. */
  #spreadKnown(id: ChatId, { authors, at }: News): boolean {
    const { directory, subscriptions } = this.#options
    const chat = directory.knownChat(id)
    if (chat === undefined) return false
    const heard = chat.members.filter(({ index }) => authors.size > 1 || !authors.has(index))
    const lists: (readonly Subscription[])[] = []
    for (const { userId } of heard) {
      const list = subscriptions.known(userId)
      if (list === undefined) return false
      lists.push(list)
    }
    for (const list of lists) for (const subscription of list) this.#consider(subscription, id, at)
    return true
  }

  async #spread(id: ChatId, { authors, at }: News): Promise<void> {
    const { directory, subscriptions } = this.#options
    const chat = await directory.chatOf(id)
    for (const { userId, index } of chat?.members ?? []) {
      // Of two who write, each has something new to read.
      if (authors.size === 1 && authors.has(index)) continue
      for (const subscription of await subscriptions.of(userId)) {
        if (this.#stopped) return
        this.#consider(subscription, id, at)
      }
    }
  }

  #consider(subscription: Subscription, chat: ChatId, at: number): void {
    const { user, session } = subscription
    const key = `${subscriptionKey(user, session)} ${chat}`
    const connections = this.#options.connectionsOf(subscription)
    const notify = (since: number): void => {
      const planned = this.#pacer.run(key, () => {
        if (!this.#queue.add(user, () => this.#attempt(user, session, chat, since)))
          this.#dropped(chat)
      })
      if (!planned) this.#dropped(chat)
    }
    if (connections.length === 0) notify(0)
    else this.#unheard.watch(key, connections, at, notify)
  }

  /**
   * Looks at everything again: what was true when the message came need not be true now.
   *
   * @param since a connection that was heard after this has got the message
   */
  async #attempt(
    user: UserId,
    session: string,
    chat: ChatId,
    since: number,
  ): Promise<number | undefined> {
    const { directory, subscriptions, prefs, send, connectionsOf, log } = this.#options
    const found = (await subscriptions.of(user)).find((each) => each.session === session)
    if (found === undefined) return undefined
    if (connectionsOf(found).some(({ heardAt }) => heardAt >= since)) return undefined
    const members = (await directory.chatOf(chat))?.members ?? []
    if (!members.some(({ userId }) => userId === user)) return undefined
    // Who came to look after accounts alone is in no chat any more, though the others see them in it.
    if (!may('chat.use', (await directory.getUser(user))?.roles ?? [], 'member')) return undefined
    if ((await prefs.of(user, chat)).muted) return undefined
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
