/**
 * What the list of chats needs to know of a page, kept beside its rows so that a start reads no
 * documents. A pure function of the fold.
 */
import { openBody } from '../chat/body.ts'
import type { Message, Page } from '../chat/page.ts'
import type { Receipts } from '../chat/receipts.ts'
import type { MemberIndex, Writer } from '../ids/client-id.ts'
import { cutText } from '../text/cut.ts'

export interface PageDigest {
  /** Messages of others that the person has not read. */
  unread: number
  last: LastEntry | null
}

export interface LastEntry {
  writer: Writer
  n: number
  author: MemberIndex
  at: number
  text: string
  files: number
  retracted: boolean
  /** How far all who have to get it are with it. */
  covered: 'none' | 'delivered' | 'read'
}

export const digestOf = async (
  page: Page,
  me: MemberIndex,
  /** Whose receipts a message needs: `recipientsOf`. */
  recipients: (message: Message) => readonly MemberIndex[],
): Promise<PageDigest> => {
  const last = page.messages().at(-1)
  return {
    unread: page.unreadFor(me).length,
    last:
      last === undefined
        ? null
        : await lastEntry(
            last,
            recipients(last).map((index) => page.receiptsOf(index)),
          ),
  }
}

const lastEntry = async (message: Message, receipts: readonly Receipts[]): Promise<LastEntry> => {
  const { writer, n, author, at, retracted, body } = message
  const opened = body === null ? null : await openBody(body)
  const covers = (kind: 'd' | 'r') =>
    receipts.length > 0 && receipts.every((one) => one.watermark(kind, writer) >= n)
  return {
    writer,
    n,
    author,
    at,
    text: opened?.kind === 'content' ? cutText(opened.content.text, 200) : '',
    files: opened?.kind === 'content' ? (opened.content.attachments?.length ?? 0) : 0,
    retracted,
    covered: covers('r') ? 'read' : covers('d') ? 'delivered' : 'none',
  }
}

/** Reads a digest that an earlier version may have stored; undefined makes it be derived again. */
export const readDigest = (value: unknown): PageDigest | undefined => {
  if (typeof value !== 'object' || value === null || !('unread' in value)) return undefined
  const { unread, last } = value as { unread: unknown; last?: unknown }
  if (typeof unread !== 'number' || last === undefined) return undefined
  if (last === null) return { unread, last: null }
  const { writer, n, author, at, text, files, retracted, covered } = last as Partial<LastEntry>
  if (typeof writer !== 'number' || typeof n !== 'number' || typeof author !== 'number')
    return undefined
  if (typeof at !== 'number' || typeof text !== 'string' || typeof retracted !== 'boolean')
    return undefined
  if (typeof files !== 'number') return undefined
  if (covered !== 'none' && covered !== 'delivered' && covered !== 'read') return undefined
  return { unread, last: { writer, n, author, at, text, files, retracted, covered } }
}
