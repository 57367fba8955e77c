/**
 * Sees to it that the server has the files of the person's own messages, in pages that were given
 * to it again: it may have lost the files with the messages. What it has already costs a question.
 */

import { type ChatId, type DocName, parseDocName } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import { openBody } from '../../chat/body.ts'
import { Backoff } from '../../time/backoff.ts'
import type { Pages } from '../documents/pages.ts'
import type { Timers } from '../model/ports.ts'
import type { LocalStore } from '../store/local-store.ts'
import type { FileTransfer } from './file-transfer.ts'

/** Waits after the server could not be reached, ms. */
const WAITS = { first: 5_000, longest: 300_000 }

export interface FileGiverOptions {
  store: Pick<LocalStore, 'append' | 'file'>
  /** Undefined: files cannot be sent from here. */
  transfer: FileTransfer | undefined
  pages: Pick<Pages, 'open'>
  timers: Timers
  storageFailed(error: unknown): void
}

export class FileGiver {
  readonly #options: FileGiverOptions
  readonly #due = new Set<DocName>()
  readonly #backoff = new Backoff(WAITS)
  #reachable = false
  #stopped = false
  #working: Promise<void> | undefined
  #cancelWait: () => void = () => {}

  constructor(options: FileGiverOptions) {
    this.#options = options
  }

  /** The server has all of a page's entries again. */
  add(doc: DocName): void {
    if (parseDocName(doc)?.kind !== 'page') return
    this.#due.add(doc)
    this.#work()
  }

  /** There is, or may be again, a way to the server. */
  resume(): void {
    this.#reachable = true
    this.#work()
  }

  async idle(): Promise<void> {
    await this.#working
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait()
  }

  #work(): void {
    if (!this.#reachable || this.#options.transfer === undefined) return
    this.#working ??= this.#run(this.#options.transfer)
  }

  async #run(transfer: FileTransfer): Promise<void> {
    // So that `#working` is set before it can end.
    await null
    try {
      for (const doc of this.#due) {
        if (this.#stopped) return
        if (!(await this.#give(doc, transfer))) return this.#wait()
        await this.#options.store.append(doc, [], { filesDue: false })
        this.#due.delete(doc)
        this.#backoff.reset()
      }
    } catch (error) {
      // The device's database refused; the page is still marked there.
      this.#options.storageFailed(error)
      this.#wait()
    } finally {
      this.#working = undefined
    }
  }

  /** False when the server cannot be reached. */
  async #give(doc: DocName, transfer: FileTransfer): Promise<boolean> {
    const ref = parseDocName(doc)
    if (ref?.kind !== 'page') return true
    for (const attachment of await this.#own(doc)) {
      if (this.#stopped) return true
      if (!(await this.#offer(ref.chat, attachment, transfer))) return false
    }
    return true
  }

  async #offer(chat: ChatId, attachment: Attachment, transfer: FileTransfer): Promise<boolean> {
    const { store, timers } = this.#options
    const bytes = await store.file(attachment.hash, timers.now())
    // Other devices of the person may have it.
    if (bytes === undefined) return true
    const outcome = await transfer.upload({
      chat,
      attachment,
      bytes,
      location: null,
      begun() {},
      progress() {},
      signal: { aborted: this.#stopped, addEventListener() {} },
    })
    // What is refused would be refused again.
    return outcome.kind !== 'unreachable'
  }

  async #own(doc: DocName): Promise<Attachment[]> {
    const { page, me } = await this.#options.pages.open(doc)
    const files: Attachment[] = []
    for (const { author, body } of page.messages()) {
      const opened = author === me && body !== null ? await openBody(body) : undefined
      if (opened?.kind === 'content') files.push(...(opened.content.attachments ?? []))
    }
    return files
  }

  #wait(): void {
    this.#reachable = false
    this.#cancelWait()
    this.#cancelWait = this.#options.timers.after(this.#backoff.next(), () => this.resume())
  }
}
