import type { ChatId } from '../base/ids.ts'
import type { Client } from '../client/client.ts'
import type { ChatSummary, MessageView } from '../client/model/views.ts'
import { Backoff } from '../time/backoff.ts'
import { systemTimers } from './system.ts'

/** After a failure the messages are tried again, later each time. */
const RETRIES = { first: 10_000, longest: 300_000 }

export interface ArrivalsOptions {
  readonly client: Client
  /** One at a time; when it is done the message counts as read. */
  handle(message: MessageView, chat: ChatSummary): Promise<void>
  failed(error: unknown): void
}

/**
 * Hands over what others wrote and the person has not read, in the order of the chat. A message
 * counts as read only when it was handled, so a program that stops in the middle gets it again.
 */
export class Arrivals {
  readonly #options: ArrivalsOptions
  /** Handled, or read before. */
  readonly #done = new Set<string>()
  /** How each chat was when it was looked through: looking makes the client change, too. */
  readonly #looked = new Map<ChatId, string>()
  readonly #unsubscribe: () => void
  #running: Promise<void> | undefined
  #again = false
  #stopped = false
  readonly #backoff = new Backoff(RETRIES)
  #cancelRetry = (): void => {}

  constructor(options: ArrivalsOptions) {
    this.#options = options
    this.#unsubscribe = options.client.subscribe(() => this.#look())
    this.#look()
  }

  /** Resolves when what is being handled is done. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    this.#cancelRetry()
    await this.#running
  }

  #look(): void {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    const { client, failed } = this.#options
    while (this.#again && !this.#stopped) {
      this.#again = false
      for (const chat of client.shell().chats) {
        const state = `${chat.unread} ${chat.news?.key}`
        if (chat.unread === 0 || this.#stopped || this.#looked.get(chat.id) === state) continue
        this.#looked.set(chat.id, state)
        try {
          await this.#chat(chat)
          this.#backoff.reset()
        } catch (error) {
          failed(error)
          this.#cancelRetry()
          this.#cancelRetry = systemTimers.after(this.#backoff.next(), () => {
            this.#looked.clear()
            this.#look()
          })
        }
      }
    }
  }

  async #chat(chat: ChatSummary): Promise<void> {
    const { client, handle } = this.#options
    for (const message of await this.#unread(chat)) {
      if (this.#stopped) return
      await handle(message, chat)
      await client.markRead(chat.id, [message.key])
      this.#done.add(nameOf(chat.id, message))
    }
  }

  async #unread(chat: ChatSummary): Promise<readonly MessageView[]> {
    const { client } = this.#options
    const conversation = await client.openConversation(chat.id)
    if (conversation === undefined) return []
    try {
      for (;;) {
        const view = conversation.view()
        const unread: MessageView[] = []
        for (const item of view?.items ?? []) {
          if (item.type !== 'message' || item.mine || item.retracted) continue
          if (await this.#isUnread(chat.id, item)) unread.push(item)
        }
        if (unread.length >= chat.unread || view?.hasOlder !== true) return unread
        await conversation.loadOlder()
      }
    } finally {
      conversation.close()
    }
  }

  async #isUnread(chat: ChatId, message: MessageView): Promise<boolean> {
    if (this.#done.has(nameOf(chat, message))) return false
    const { client } = this.#options
    const info = await client.info(chat, message.key)
    const mine = info.find(({ person }) => person.id === client.me.id)
    if (mine?.readAt === null) return true
    this.#done.add(nameOf(chat, message))
    return false
  }
}

const nameOf = (chat: ChatId, { key }: MessageView): string => `${chat} ${key}`
