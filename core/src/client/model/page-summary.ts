/**
 * What the list of chats needs to know of a page, kept beside its rows so that a start reads no
 * documents. A pure function of the fold.
 */

import type { MemberIndex, Writer } from '../../base/client-id.ts'
import { openBody } from '../../chat/body.ts'
import { activityOf, latestOf } from '../../chat/dating.ts'
import type { Message, Page } from '../../chat/page.ts'
import type { Receipts } from '../../chat/receipts.ts'
import { type Coverage, coverageOf } from '../../chat/status.ts'
import { cutText } from '../../text/cut.ts'

export interface PageDigest {
  /** Messages of others that the person has not read. */
  unread: number
  /** The first of them on screen. */
  firstUnread: UnreadEntry | null
  /** The one of them that came last. */
  newest: UnreadEntry | null
  /** Messages of others, those that were taken back too: a number that only grows. */
  incoming: number
  /** When the last of those came, as far as is known, ms; 0 for none. */
  incomingAt: number
  /** The message by which there was something new last. */
  last: LastEntry | null
}

/** Enough of a file to say what it is. */
export interface FileInBrief {
  name: string
  type: string
}

export interface UnreadEntry {
  writer: Writer
  n: number
  author: MemberIndex
  at: number
  /** When it got to the server, ms, if `at` does not say it. */
  arrivedAt: number | null
  text: string
  files: number
  /** The first of them. */
  file: FileInBrief | null
}

export interface LastEntry extends UnreadEntry {
  retracted: boolean
  /** How far all who have to get it are with it. */
  covered: Coverage
}

export const digestOf = async (
  page: Page,
  me: MemberIndex,
  /** Whose receipts a message needs: `recipientsOf`. */
  recipients: (message: Message) => readonly MemberIndex[],
): Promise<PageDigest> => {
  const messages = page.messages()
  const last = latestOf(messages)
  const unread = page.unreadFor(me)
  const [firstUnread] = unread
  const newest = latestOf(unread)
  const incoming = messages.filter(({ author }) => author !== me)
  return {
    unread: unread.length,
    firstUnread: firstUnread === undefined ? null : await unreadEntry(firstUnread),
    newest: newest === undefined ? null : await unreadEntry(newest),
    incoming: incoming.length,
    incomingAt: incoming.reduce((latest, message) => Math.max(latest, activityOf(message)), 0),
    last:
      last === undefined
        ? null
        : await lastEntry(
            last,
            recipients(last).map((index) => page.receiptsOf(index)),
          ),
  }
}

const unreadEntry = async (message: Message): Promise<UnreadEntry> => {
  const { writer, n, author, at, arrivedAt } = message
  return { writer, n, author, at, arrivedAt, ...(await previewOf(message)) }
}

/** What a line of a list shows of a message. */
const previewOf = async ({
  body,
}: Message): Promise<{ text: string; files: number; file: FileInBrief | null }> => {
  const opened = body === null ? null : await openBody(body)
  if (opened?.kind !== 'content') return { text: '', files: 0, file: null }
  const { text, attachments = [] } = opened.content
  return {
    text: cutText(text, 200),
    files: attachments.length,
    file: inBrief(attachments[0]),
  }
}

const lastEntry = async (message: Message, receipts: readonly Receipts[]): Promise<LastEntry> => {
  const { writer, n, author, at, arrivedAt, retracted } = message
  return {
    writer,
    n,
    author,
    at,
    arrivedAt,
    ...(await previewOf(message)),
    retracted,
    covered: coverageOf(writer, n, receipts),
  }
}

/** Reads a digest that an earlier version may have stored; undefined makes it be derived again. */
export const readDigest = (value: unknown): PageDigest | undefined => {
  if (!isRecord(value)) return undefined
  const { unread, incoming, incomingAt } = value
  const firstUnread = readUnread(value.firstUnread)
  const newest = readUnread(value.newest)
  const last = readLast(value.last)
  if (typeof unread !== 'number' || typeof incoming !== 'number') return undefined
  if (typeof incomingAt !== 'number') return undefined
  if (firstUnread === undefined || newest === undefined || last === undefined) return undefined
  return { unread, firstUnread, newest, incoming, incomingAt, last }
}

const readUnread = (value: unknown): UnreadEntry | null | undefined => {
  if (value === null) return null
  if (!isRecord(value)) return undefined
  const { writer, n, author, at, arrivedAt, text, files, file } = value
  if (typeof writer !== 'number' || typeof n !== 'number' || typeof author !== 'number')
    return undefined
  if (typeof at !== 'number' || typeof text !== 'string' || typeof files !== 'number')
    return undefined
  // One that does not say which file it is about is of an earlier version.
  if (!isTimeOrNull(arrivedAt) || file === undefined) return undefined
  return { writer, n, author, at, arrivedAt, text, files, file: inBrief(file) }
}

const readLast = (value: unknown): LastEntry | null | undefined => {
  if (value === null) return null
  if (!isRecord(value)) return undefined
  const { writer, n, author, at, arrivedAt, text, files, file, retracted, covered } = value
  if (typeof writer !== 'number' || typeof n !== 'number' || typeof author !== 'number')
    return undefined
  if (typeof at !== 'number' || typeof text !== 'string' || typeof retracted !== 'boolean')
    return undefined
  if (typeof files !== 'number' || !isTimeOrNull(arrivedAt) || file === undefined) return undefined
  if (covered !== 'none' && covered !== 'delivered' && covered !== 'read') return undefined
  return { writer, n, author, at, arrivedAt, text, files, file: inBrief(file), retracted, covered }
}

const inBrief = (file: unknown): FileInBrief | null => {
  if (!isRecord(file)) return null
  const { name, type } = file
  if (typeof name !== 'string' || typeof type !== 'string') return null
  return { name: cutText(name, 100), type: cutText(type, 100) }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isTimeOrNull = (value: unknown): value is number | null =>
  value === null || typeof value === 'number'
