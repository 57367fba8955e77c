/** A program as a person's device: signs in, follows their chats, answers. See docs/programs.md. */

import { type ChatId, parseChatId } from '../base/ids.ts'
import type { Client } from '../client/client.ts'
import type { ChatSummary, MessageView, Person } from '../client/model/views.ts'
import { Arrivals } from './arrivals.ts'
import { type DeviceOptions, startDevice } from './device.ts'
import { until } from './until.ts'

/** Time for the first connection, and for the server to store what is sent, ms. */
const PATIENCE = 30_000

/** A message of somebody else, and the chat that it is in. */
export interface Arrival {
  readonly message: MessageView
  readonly chat: ChatSummary
  /** Answers it; resolves when the server has stored the answer. */
  reply(text: string): Promise<void>
}

export type ConnectOptions = DeviceOptions & {
  /**
   * Called for each message of others that the person has not read, in order, one at a time; also
   * for those that came while the program was not running. The message counts as read when it is
   * done; after a failure it comes again.
   */
  readonly onMessage?: (arrival: Arrival) => void | Promise<void>
  /**
   * What `onMessage` failed with, and {@link DeviceRemovedError} when the person or the clinic removed
   * the device; by default it is thrown where nobody can catch it.
   */
  readonly onError?: (error: unknown) => void
}

export interface Program {
  readonly me: Person
  /** All that a device can do. */
  readonly client: Client
  chats(): readonly ChatSummary[]
  /**
   * Sends a message, which may answer another one, by its key. Resolves when the server has stored
   * it. Rejects when there is no such chat, the server refuses it, the device was removed, or there
   * is no connection for 30 seconds; without a connection it is sent later all the same, as long as
   * the program runs.
   */
  send(chat: string, text: string, replyTo?: string): Promise<void>
  /** A chat's newest messages, oldest first, with their statuses. */
  messages(chat: string): Promise<readonly MessageView[]>
  /** Waits for what is being handled, disconnects, and ends the session. */
  close(): Promise<void>
}

/**
 * Resolves when everything there was is here. Rejects when the server refuses the password or the
 * API token, or does not answer.
 */
export const connect = async (options: ConnectOptions): Promise<Program> => {
  const { client, session, removed } = await startDevice(options)
  const { onMessage } = options
  const onError =
    options.onError ??
    ((error: unknown) => {
      throw error
    })
  const orRemoved = <T>(work: Promise<T>): Promise<T> =>
    Promise.race([
      work,
      removed.then((error) => {
        throw error
      }),
    ])
  try {
    await orRemoved(until(client, () => client.shell().connection.phase === 'live', PATIENCE))
  } catch (error) {
    client.close()
    throw error
  }
  void removed.then(onError)

  const messages = async (chat: ChatId): Promise<readonly MessageView[]> => {
    const conversation = await client.openConversation(chat)
    const items = conversation?.view()?.items ?? []
    conversation?.close()
    return items.filter((item) => item.type === 'message')
  }

  const send = async (chat: ChatId, text: string, replyTo?: string): Promise<void> => {
    await client.send(chat, text, replyTo)
    await orRemoved(until(client, () => client.shell().waiting === 0, PATIENCE))
    const last = (await messages(chat)).findLast((message) => message.mine && message.text === text)
    if (last !== undefined && last.refused !== null)
      throw new Error(`The server refused the message: ${last.refused}.`)
  }

  const arrivals =
    onMessage &&
    new Arrivals({
      client,
      failed: onError,
      handle: async (message, chat) =>
        onMessage({ message, chat, reply: (text) => send(chat.id, text, message.key) }),
    })

  return {
    me: client.me,
    client,
    chats: () => client.shell().chats,
    send: async (chat, text, replyTo) => send(chatIn(chat), text, replyTo),
    messages: async (chat) => messages(chatIn(chat)),
    async close() {
      await arrivals?.stop()
      await client.idle()
      client.close()
      await session.end()
    },
  }
}

const chatIn = (text: string): ChatId => {
  const chat = parseChatId(text)
  if (chat === undefined) throw new Error(`${text} is not the id of a chat.`)
  return chat
}
