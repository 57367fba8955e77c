/** One month of the chat: its document, what of it is on this device, and its connection. */
import type { MemberIndex, Writer } from '@wardline/core/base/client-id'
import { type ChatId, type DeviceId, type Month, pageDoc } from '@wardline/core/base/ids'
import { openBody } from '@wardline/core/chat/body'
import type { Message } from '@wardline/core/chat/page'
import { statusOf } from '@wardline/core/chat/status'
import { connectDoc, type DocConnection } from '@wardline/core/yjs/connect-doc'
import { LivePage } from '@wardline/core/yjs/live-page'
import { OwnLane } from '@wardline/core/yjs/own-lane'
import type { ClosedEvent, TokenSource } from '@wardline/core/yjs/renew-token'
import { StoredEntries } from '@wardline/core/yjs/stored-entries'
import * as Y from 'yjs'
import { DeviceCopy } from './device-copy.ts'

/**
 * How far an own message has come. unsaved: in this page of the browser alone. saved: on this
 * device. stored: durably with the practice. delivered, read: on a device of, seen by, the other.
 */
export type Progress = 'unsaved' | 'saved' | 'stored' | 'delivered' | 'read'

export interface ChatPageOptions {
  readonly server: string
  readonly chat: ChatId
  readonly month: Month
  readonly index: MemberIndex
  readonly other: MemberIndex
  readonly writer: Writer
  readonly device: DeviceId
  readonly getToken: TokenSource
  /** Whether this browser keeps anything. */
  readonly keeps: boolean
  /** Name of the database of this page. */
  readonly database: string
  readonly changed: () => void
  readonly signedOut: () => void
  readonly refused: (event: ClosedEvent) => void
}

export class ChatPage {
  readonly month: Month
  readonly lane: OwnLane
  /** When what the device has of it is here. */
  readonly loaded: Promise<void>
  readonly #options: ChatPageOptions
  readonly #doc = new Y.Doc()
  readonly #page = new LivePage(this.#doc)
  readonly #copy: DeviceCopy | undefined
  #connection: DocConnection | undefined
  #stored: StoredEntries | undefined
  #closed = false

  constructor(options: ChatPageOptions) {
    const { month, index, writer, device, changed, keeps, database } = options
    this.month = month
    this.#options = options
    this.lane = new OwnLane({ page: this.#page, month, index, writer, device })
    this.#copy = keeps ? new DeviceCopy(database, this.#doc, changed) : undefined
    this.#page.subscribe(changed)
    this.loaded = (this.#copy?.loaded ?? Promise.resolve()).then(() => this.#connect())
  }

  get messages(): readonly Message[] {
    return this.#page.messages
  }

  /** Timestamp of the newest entry, ms; 0 for none. */
  get newestAt(): number {
    return this.#page.page.newestAt
  }

  /** Whether what is written goes to this device, as far as is known. */
  get isKept(): boolean {
    return this.#copy !== undefined && !this.#copy.fails
  }

  /** Whether something of one's own is nowhere but in this page of the browser. */
  get isAtRisk(): boolean {
    const waiting = this.#stored?.waiting ?? []
    return waiting.some((entry) => this.#copy?.has(entry) !== true)
  }

  /** Whether the server has said that it has all that this person wrote in it; undefined at first. */
  get isSent(): boolean | undefined {
    return this.#stored && this.#stored.waiting.length === 0
  }

  progressOf(message: Message): Progress {
    const { writer, n } = message
    const receipts = [this.#page.page.receiptsOf(this.#options.other)]
    const status = statusOf(writer, n, this.#stored?.has(message) === true, receipts)
    if (status !== 'waiting') return status
    return this.#copy?.has(message) === true ? 'saved' : 'unsaved'
  }

  /** Until {@link connect}. */
  disconnect(): void {
    this.#connection?.disconnect()
  }

  connect(): void {
    this.#connection?.connect()
    this.#stored?.resume()
  }

  /**
   * Texts of one's own that are not with the server. For after a refusal: asks it, where it answers,
   * what it has, and resolves when it has said so.
   */
  async unstoredTexts(answers: boolean): Promise<readonly string[]> {
    if (answers) await this.#stored?.recheck()
    const bodies = (this.#stored?.waiting ?? []).map(({ body }) => openBody(body))
    const opened = await Promise.all(bodies)
    return opened.flatMap((body) => (body.kind === 'content' ? [body.content.text] : []))
  }

  /** Leaves it. What is on the device stays, unless it is to be cleared. */
  async close(clear = false): Promise<void> {
    this.#closed = true
    this.#connection?.close()
    this.#stored?.close()
    this.#page.close()
    await (clear ? this.#copy?.clear() : this.#copy?.close())
    this.#doc.destroy()
  }

  #connect(): void {
    if (this.#closed) return
    const { server, chat, month, index, getToken, changed, signedOut, refused } = this.#options
    const name = pageDoc(chat, month)
    // Tabs meet at the server: what it refuses is not to come back from another one.
    const rest = { server, getToken, betweenTabs: false }
    const told = { onSignedOut: signedOut, onRefused: refused }
    this.#connection = connectDoc(this.#doc, name, { ...rest, ...told })
    this.#stored = new StoredEntries({
      page: this.#page,
      index,
      connect: (copy) => connectDoc(copy, name, rest),
    })
    this.#stored.subscribe(changed)
    changed()
  }
}
