/** Files of messages: from this device when they are here, else from the server, and then kept. */

import type { ChatId } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import type { Timers } from '../model/ports.ts'
import type { FileBytes, OutgoingStore } from '../store/outgoing-store.ts'
import type { AbortSignal, DownloadOutcome, FileTransfer } from './file-transfer.ts'

/** Most bytes of files that the device keeps. */
const BUDGET = 300 * 1024 * 1024

interface Download {
  outcome: Promise<DownloadOutcome>
  received: number
  readonly watchers: Set<(received: number) => void>
}

export class FileCache {
  readonly #store: OutgoingStore
  readonly #transfer: FileTransfer | undefined
  readonly #timers: Timers
  /** Asked for by more than one at the same time, a file comes once. */
  readonly #downloads = new Map<string, Download>()
  /** Files of this device that were found to be what their name says. */
  readonly #whole = new Set<string>()

  constructor(store: OutgoingStore, transfer: FileTransfer | undefined, timers: Timers) {
    this.#store = store
    this.#transfer = transfer
    this.#timers = timers
  }

  /** The bytes, if they are on this device, whole. Damaged ones go: they come anew. */
  async peek({ hash }: Attachment): Promise<DownloadOutcome & { kind: 'done' | 'gone' }> {
    const bytes = await this.#store.file(hash, this.#timers.now()).catch(() => undefined)
    if (bytes === undefined) return { kind: 'gone' }
    if (await this.#isWhole(hash, bytes)) return { kind: 'done', bytes }
    await this.#store.removeFile(hash).catch(() => {})
    return { kind: 'gone' }
  }

  /** The bytes, from wherever they are. Never rejects. */
  async open(
    chat: ChatId,
    attachment: Attachment,
    progress: (received: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<DownloadOutcome> {
    const here = await this.peek(attachment)
    if (here.kind === 'done') return here
    const download = this.#downloads.get(attachment.hash) ?? this.#start(chat, attachment, signal)
    download.watchers.add(progress)
    progress(download.received)
    return download.outcome.finally(() => download.watchers.delete(progress))
  }

  /** Drops the files that were kept for this chat, but those with one of these names. */
  async keepOnly(chat: ChatId, names: () => Promise<ReadonlySet<string>>): Promise<void> {
    const kept = await this.#store.filesFor(chat)
    if (kept.length === 0) return
    const needed = await names()
    for (const hash of kept) if (!needed.has(hash)) await this.#store.removeFile(hash)
  }

  #start(chat: ChatId, attachment: Attachment, signal: AbortSignal | undefined): Download {
    const watchers = new Set<(received: number) => void>()
    const download: Download = {
      received: 0,
      watchers,
      outcome: this.#fetch(chat, attachment, signal, (received) => {
        download.received = received
        for (const watcher of watchers) watcher(received)
      }).finally(() => this.#downloads.delete(attachment.hash)),
    }
    this.#downloads.set(attachment.hash, download)
    return download
  }

  async #fetch(
    chat: ChatId,
    { hash, size }: Attachment,
    signal: AbortSignal | undefined,
    progress: (received: number) => void,
  ): Promise<DownloadOutcome> {
    if (this.#transfer === undefined) return { kind: 'unreachable' }
    const outcome = await this.#transfer.download(chat, hash, size, progress, signal)
    if (outcome.kind !== 'done') return outcome
    if (outcome.bytes.size !== size || !(await this.#isWhole(hash, outcome.bytes)))
      return { kind: 'damaged' }
    // A device without room shows it all the same.
    await this.#store
      .putFile(chat, { hash, bytes: outcome.bytes }, this.#timers.now(), BUDGET)
      .catch(() => {})
    return outcome
  }

  /** Looks once at each. */
  async #isWhole(hash: string, bytes: FileBytes): Promise<boolean> {
    if (this.#transfer === undefined || this.#whole.has(hash)) return true
    if ((await this.#transfer.hashOf(bytes)) !== hash) return false
    this.#whole.add(hash)
    return true
  }
}
