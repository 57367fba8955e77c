/**
 * What a person does with messages: write, answer, change, take back, react, read. Everything is
 * an entry, or a receipt, of their own in the page of the message that it is about.
 */

import { type ChatId, type DocName, type Month, monthOf, pageDoc } from '../../base/ids.ts'
import { type Content, openBody, sealBody } from '../../chat/body.ts'
import { type Authored, EntryKind, type EntryRef } from '../../chat/entry.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import type { NewEntry } from '../../chat/lane-writer.ts'
import type { Page } from '../../chat/page.ts'
import { retractionOf } from '../../chat/retraction.ts'
import type { Pages, Settled } from '../documents/pages.ts'
import { type MessagePlace, readMessageKey } from '../model/message-key.ts'
import { fitContent } from './fit-content.ts'
import { SeenMessages } from './seen-messages.ts'

/** The message is not there, not one's own, or taken back already; or the person is out of the chat. */
export class MessageError extends Error {
  override readonly name = 'MessageError'
  readonly code: 'not-member' | 'gone'
  constructor(code: 'not-member' | 'gone', message: string) {
    super(message)
    this.code = code
  }
}

/** @throws TextError for what no message can hold */
const sealFitting = (content: Content): Promise<Uint8Array> => sealBody(fitContent(content))

export class Messages {
  readonly #pages: Pages
  readonly #clock: HybridClock
  readonly #seen = new SeenMessages()

  constructor(pages: Pages, clock: HybridClock) {
    this.#pages = pages
    this.#clock = clock
  }

  /** Resolves once the message is stored on this device, and with it what it settles. */
  async send(chat: ChatId, content: Content, replyTo?: string, settled?: Settled): Promise<void> {
    await this.sendBodies(chat, [await sealFitting(content)], replyTo, settled)
  }

  /** Sends bodies that are sealed already, one message each. */
  async sendBodies(
    chat: ChatId,
    bodies: readonly Uint8Array[],
    replyTo?: string,
    settled: Settled = {},
  ): Promise<void> {
    const target = replyTo === undefined ? undefined : readMessageKey(replyTo)
    // The month belongs to the timestamp, so both are taken in one place.
    const added = bodies.map((body) => {
      const at = this.#clock.tick()
      const ref = target === undefined ? null : replyRef(target, monthOf(at))
      return { at, kind: EntryKind.message, ref, body }
    })
    for (const month of new Set(added.map(({ at }) => monthOf(at))))
      await this.#pages.append(pageDoc(chat, month), () => ({
        added: added.filter(({ at }) => monthOf(at) === month),
        settled,
      }))
  }

  /** Puts another text in the place of one's own message. */
  async edit(chat: ChatId, key: string, text: string, settled?: Settled): Promise<void> {
    const { doc, place, content } = await this.#own(chat, key)
    const body = await sealFitting({ ...content, text })
    await this.#append(doc, EntryKind.edit, { writer: place.writer, n: place.n }, body, settled)
  }

  /** Takes one's own message back: its content, and that of its edits, is deleted for everybody. */
  async retract(chat: ChatId, key: string): Promise<void> {
    const { doc, place } = await this.#own(chat, key)
    await this.#pages.append(doc, ({ page, me }) => {
      return retractionOf(page, ownEntry(page, place, me), me, this.#clock.tick())
    })
  }

  /** Reacts to a message with an emoji; '' takes the reaction back. */
  async react(chat: ChatId, key: string, emoji: string): Promise<void> {
    const place = readMessageKey(key)
    if (place === undefined) throw new MessageError('gone', 'There is no such message.')
    const { month, writer, n } = place
    const body = await sealBody({ text: emoji })
    await this.#append(pageDoc(chat, month), EntryKind.reaction, { writer, n }, body)
  }

  /**
   * Notes that these messages of others were visible, on a focused screen, to the person. A receipt
   * covers all that its writer wrote before, wherever that sorts: it waits until all of it was seen.
   */
  async markRead(chat: ChatId, keys: readonly string[]): Promise<void> {
    const months = new Set<Month>()
    for (const place of keys.map(readMessageKey)) {
      if (place === undefined) continue
      months.add(place.month)
      this.#seen.add(pageDoc(chat, place.month), place)
    }
    for (const month of months) {
      const doc = pageDoc(chat, month)
      await this.#pages.receipt(doc, ({ page, me }) => this.#seen.receipts(doc, page, me))
    }
  }

  #append(
    doc: DocName,
    kind: EntryKind,
    ref: EntryRef,
    body: Uint8Array,
    settled: Settled = {},
  ): Promise<unknown> {
    const draft: NewEntry = { at: this.#clock.tick(), kind, ref, body }
    return this.#pages.append(doc, () => ({ added: [draft], settled }))
  }

  async #own(
    chat: ChatId,
    key: string,
  ): Promise<{ doc: DocName; place: MessagePlace; content: Content }> {
    const place = readMessageKey(key)
    if (place === undefined) throw new MessageError('gone', 'There is no such message.')
    const doc = pageDoc(chat, place.month)
    const { page, me } = await this.#pages.open(doc)
    ownEntry(page, place, me)
    const message = page
      .messages()
      .find(({ writer, n }) => writer === place.writer && n === place.n)
    const opened = message?.body ? await openBody(message.body) : undefined
    if (opened?.kind !== 'content') throw new MessageError('gone', 'The message was taken back.')
    return { doc, place, content: opened.content }
  }
}

const replyRef = ({ month, writer, n }: MessagePlace, here: Month): EntryRef =>
  month === here ? { writer, n } : { writer, n, month }

const ownEntry = (page: Page, { writer, n }: MessagePlace, me: number): Authored => {
  const entry = page.entry(writer, n)
  if (entry === undefined || entry.author !== me)
    throw new MessageError('gone', 'Only one’s own messages can be changed.')
  return entry
}
