/**
 * What one member writes into one page through a Y.Doc: entries and receipts that the gate takes
 * ([GATE-2], [GATE-5] in docs/protocol.md), as updates that the document's providers send and its
 * database stores. The document's own client id does not matter, and need not be pinned.
 */
import * as Y from 'yjs'
import type { MemberIndex, Writer } from '../base/client-id.ts'
import { type DeviceId, type Month, monthOf } from '../base/ids.ts'
import { type Content, sealBody } from '../chat/body.ts'
import { EntryKind, type EntryRef } from '../chat/entry.ts'
import { LaneWriter, type PendingWrite } from '../chat/lane-writer.ts'
import type { Message } from '../chat/page.ts'
import { readReceipts } from '../chat/read-receipts.ts'
import { TextError } from '../chat/text-error.ts'
import { isBlank } from '../text/blank.ts'
import type { LivePage } from './live-page.ts'

export interface OwnLaneOptions {
  readonly page: LivePage
  /** The month of the page. */
  readonly month: Month
  /** The member's number in the chat: in a direct chat the patient is 1 and the doctor 2. */
  readonly index: MemberIndex
  /**
   * Drawn for this page load by `newWriter` and never stored ([ID-1]): two of a kind that write
   * into one page with the same writer lose what one of them wrote.
   */
  readonly writer: Writer
  readonly device: DeviceId
}

export class OwnLane {
  readonly index: MemberIndex
  readonly #page: LivePage
  readonly #month: Month
  readonly #writer: LaneWriter

  constructor({ page, month, index, writer, device }: OwnLaneOptions) {
    this.index = index
    this.#page = page
    this.#month = month
    this.#writer = new LaneWriter(index, writer, device)
  }

  /**
   * Appends a message. When this resolves it is in the document, and not yet anywhere else.
   *
   * @param at when it was written, ms since 1970, in the page's month: RangeError otherwise
   * @param reply what it answers
   * @throws TextError for a text that shows nothing, or that no message can hold
   */
  async send(content: Content, at: number, reply: EntryRef | null = null): Promise<Message> {
    if (monthOf(at) !== this.#month) throw new RangeError(`not in ${this.#month}`)
    if (isBlank(content.text) && content.attachments === undefined) throw new TextError('blank')
    const body = await sealBody(content)
    const { page } = this.#page
    const write = this.#writer.entries(
      [{ at, kind: EntryKind.message, ref: reply, body }],
      page.frontier,
    )
    this.#put(write)
    const [id] = write.entries
    const message = id && page.message(id.writer, id.n)
    if (message === undefined) throw new Error('what was written is not in the page')
    return message
  }

  /** Says that this device has all that the page has. @param at now, ms since 1970 */
  noteDelivered(at: number): void {
    const news = this.#page.page.undeliveredFor(this.index)
    const keys = news.map(({ writer, n }) => ({ kind: 'd' as const, writer, n }))
    if (keys.length > 0) this.#put(this.#writer.receipts(keys, at))
  }

  /**
   * Says that the person has read what they have seen, as far as nothing before it is unseen.
   *
   * @param at now, ms since 1970
   * @param isSeen whether a message was on screen
   */
  noteRead(at: number, isSeen: (message: Message) => boolean = () => true): void {
    const keys = readReceipts(this.#page.page, this.index, isSeen)
    if (keys.length > 0) this.#put(this.#writer.receipts(keys, at))
  }

  #put(write: PendingWrite): void {
    // A listener of the document may throw, and the write is in it all the same.
    write.advance()
    Y.applyUpdate(this.#page.doc, write.update, this)
  }
}
