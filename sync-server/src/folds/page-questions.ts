/**
 * What is asked about a folded page. A page can be large, and then it is folded and kept beside the
 * event loop; so questions and answers are data that can be cloned, and the page stays where it is.
 */

import type { MemberIndex, Writer } from '@wardline/core/base/client-id'
import type { Month } from '@wardline/core/base/ids'
import { activityOf, latestOf } from '@wardline/core/chat/dating'
import type { Seen } from '@wardline/core/chat/entry'
import type { NewEntries } from '@wardline/core/chat/lane-writer'
import type { Message, Page } from '@wardline/core/chat/page'
import { readReceipts } from '@wardline/core/chat/read-receipts'
import type { ReceiptKey } from '@wardline/core/chat/receipt-key'
import { retractionOf } from '@wardline/core/chat/retraction'
import type { ChatCaller } from './chat-caller.ts'
import { filesOf } from './files-of.ts'
import { lastMessageJson, messageJson } from './message-json.ts'
import type { LastMessageJson, MessageJson } from './message-schema.ts'
import { findIn, type MessagePlace, timeAfter } from './places.ts'

/** A message as it is listed. */
export interface Listed extends MessagePlace {
  readonly author: MemberIndex
}

/** When an entry that is written now is dated, and what it names as seen. */
export interface Footing {
  readonly at: number
  readonly seen: Seen
}

/** The message by which there was something new last, and when that was, ms. */
interface LastOfPage {
  readonly json: LastMessageJson
  readonly activity: number
}

type InChat = Pick<ChatCaller, 'chat' | 'index'>

const questions = {
  message: (page: Page, place: MessagePlace): Message | undefined => findIn(page, place),

  /** In the order of the places; what is not there (any more) is left out. */
  async json(
    page: Page,
    {
      caller,
      month,
      places,
    }: { caller: ChatCaller; month: Month; places: readonly MessagePlace[] },
  ): Promise<MessageJson[]> {
    const answer: MessageJson[] = []
    for (const place of places) {
      const message = page.message(place.writer, place.n)
      if (message !== undefined) answer.push(await messageJson(caller, month, page, message))
    }
    return answer
  },

  /** Messages of a member that were not taken back. */
  writtenBy(page: Page, { index }: { index: MemberIndex }): MessagePlace[] {
    return page
      .messages()
      .filter(({ author, retracted }) => author === index && !retracted)
      .map(({ writer, n }) => ({ writer, n }))
  },

  /** The newest messages before one, or of all, from the newest back. */
  newest(
    page: Page,
    { before, count }: { before: MessagePlace | undefined; count: number },
  ): Listed[] {
    const messages = page.messages()
    const end =
      before === undefined
        ? messages.length
        : messages.findIndex(({ writer, n }) => writer === before.writer && n === before.n)
    return messages
      .slice(Math.max(0, end - count), Math.max(0, end))
      .reverse()
      .map(({ writer, n, author }) => ({ writer, n, author }))
  },

  /** Receipts of a member that say that these have come, as far as none says so. */
  undelivered(
    page: Page,
    { index, upTo }: { index: MemberIndex; upTo: ReadonlyMap<Writer, number> },
  ): ReceiptKey[] {
    const receipts = page.receiptsOf(index)
    return [...upTo]
      .filter(([writer, n]) => n > receipts.watermark('d', writer))
      .map(([writer, n]): ReceiptKey => ({ kind: 'd', writer, n }))
  },

  /** Receipts of a member that say that everything is read, or everything up to a message. */
  unread(
    page: Page,
    { index, upTo }: { index: MemberIndex; upTo: MessagePlace | undefined },
  ): readonly ReceiptKey[] {
    const messages = page.messages()
    const end =
      upTo === undefined
        ? messages.length
        : messages.findIndex(({ writer, n }) => writer === upTo.writer && n === upTo.n) + 1
    const covered = new Set(messages.slice(0, end))
    return readReceipts(page, index, (message) => covered.has(message))
  },

  async digest(
    page: Page,
    { caller, month }: { caller: InChat; month: Month },
  ): Promise<{ last: LastOfPage | null; unreadCount: number }> {
    const unreadCount = page.unreadFor(caller.index).length
    const last = latestOf(page.messages())
    if (last === undefined) return { last: null, unreadCount }
    const json = await lastMessageJson(caller, month, page, last)
    return { last: { json, activity: activityOf(last) }, unreadCount }
  },

  /** Which of these files messages have that were not taken back. */
  async files(page: Page, hashes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    for (const message of page.messages()) {
      for (const hash of await filesOf(message)) if (hashes.has(hash)) found.add(hash)
      if (found.size === hashes.size) break
    }
    return found
  },

  /** For a new entry. */
  footing: (page: Page, now: number): Footing => ({
    at: timeAfter(page, now),
    seen: page.frontier,
  }),

  /** For an edit of a message; undefined when it is not there, or was taken back. */
  edit: (page: Page, { place, now }: { place: MessagePlace; now: number }): Footing | undefined =>
    findIn(page, place)?.retracted === false ? questions.footing(page, now) : undefined,

  /** What takes a message back; undefined when there is nothing to take back. */
  retraction(
    page: Page,
    { place, index, now }: { place: MessagePlace; index: MemberIndex; now: number },
  ): (NewEntries & { readonly seen: Seen }) | undefined {
    const entry = page.entry(place.writer, place.n)
    if (entry === undefined || findIn(page, place)?.retracted !== false) return undefined
    return { ...retractionOf(page, entry, index, timeAfter(page, now)), seen: page.frontier }
  },
} as const

export type QuestionName = keyof typeof questions
export type QuestionAbout<N extends QuestionName> = Parameters<(typeof questions)[N]>[1]
export type AnswerTo<N extends QuestionName> = Awaited<ReturnType<(typeof questions)[N]>>

export interface PageQuestion {
  readonly name: QuestionName
  /** What the question of that name takes. */
  readonly about: unknown
}

export const answerAbout = async (page: Page, { name, about }: PageQuestion): Promise<unknown> =>
  (questions[name] as (page: Page, about: unknown) => unknown)(page, about)

/** The largest number of each writer. */
export const newestByWriter = (messages: readonly MessagePlace[]): ReadonlyMap<Writer, number> => {
  const upTo = new Map<Writer, number>()
  for (const { writer, n } of messages) upTo.set(writer, Math.max(n, upTo.get(writer) ?? 0))
  return upTo
}
