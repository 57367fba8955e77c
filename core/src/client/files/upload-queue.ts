/**
 * Sends messages with files: carries between the queue, the device's database and the server.
 * Every tab has one, to show how things stand; only that of the leading tab works.
 */

import type { ChatId } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import { TextError } from '../../chat/text-error.ts'
import { fitContent } from '../conversation/fit-content.ts'
import { MessageError } from '../conversation/messages.ts'
import type { DraftUse } from '../model/draft-book.ts'
import type { RandomBytes, Timers } from '../model/ports.ts'
import type { Transfer } from '../model/transfer.ts'
import type { LocalStore } from '../store/local-store.ts'
import type { FileDeletion, NamedBytes, OutgoingMessage } from '../store/outgoing-store.ts'
import type { TabMessage } from '../sync/tab-bus.ts'
import type { FileTransfer } from './file-transfer.ts'
import { type Task, UploadPlan } from './upload-plan.ts'

/** A file that a person adds to a message. */
export interface NewFile {
  attachment: Attachment
  bytes: NamedBytes['bytes']
}

export interface UploadQueueOptions {
  store: LocalStore
  /** Undefined: files cannot be sent from here. */
  transfer: FileTransfer | undefined
  timers: Timers
  clock: Pick<HybridClock, 'now'>
  random: RandomBytes
  /** Appends the entry, and removes the outgoing message with it. */
  send(message: OutgoingMessage): Promise<void>
  /** Whether a message of this person in the chat has the file. */
  refersTo(deletion: FileDeletion): Promise<boolean>
  changed(chat: ChatId): void
  tell(message: TabMessage): void
  storageFailed(error: unknown): void
}

export class UploadQueue {
  readonly #options: UploadQueueOptions
  readonly #queue = new UploadPlan()
  /** What the leading tab tells of its work. */
  #told: { id: string; hash: string; sent: number } | undefined
  #leads = false
  #stopped = false
  #working: Promise<void> | undefined
  /** The message in work, and how to stop. */
  #current: { id: string; stop: () => void } | undefined
  #cancelWait: () => void = () => {}

  constructor(options: UploadQueueOptions) {
    this.#options = options
  }

  /** Reads what waits. */
  async load(): Promise<void> {
    const { store } = this.#options
    const [messages, deletions] = await Promise.all([store.outgoing(), store.fileDeletions()])
    this.#queue.load(messages, deletions)
  }

  get messages(): readonly OutgoingMessage[] {
    return this.#queue.messages
  }

  of(chat: ChatId): readonly OutgoingMessage[] {
    const { messages } = this.#queue
    return messages.length === 0 ? messages : messages.filter((message) => message.chat === chat)
  }

  transferOf(message: OutgoingMessage): Transfer {
    const told = this.#told
    const transfer = this.#queue.transferOf(message)
    if (this.#leads || transfer.kind !== 'waiting' || told?.id !== message.id) return transfer
    return { kind: 'uploading', hash: told.hash, sent: told.sent }
  }

  /**
   * Keeps a message with files, and what it leaves of the chat's draft. Resolves once both are
   * stored on this device.
   * @throws TextError when a message cannot hold the text
   */
  async add(
    chat: ChatId,
    text: string,
    files: readonly NewFile[],
    replyTo: string | null,
    draft?: DraftUse,
  ): Promise<void> {
    const { store, clock, random } = this.#options
    // Not only when the files are up: by then nobody is there to shorten it.
    fitContent({ text, attachments: files.map(({ attachment }) => attachment) })
    const message: OutgoingMessage = {
      id: [...random(10)].map((byte) => byte.toString(36).padStart(2, '0')).join(''),
      chat,
      at: clock.now(),
      text,
      replyTo,
      files: files.map(({ attachment }) => ({ attachment, location: null, uploaded: false })),
      problem: null,
    }
    await store.putOutgoing(
      message,
      files.map(({ attachment, bytes }) => ({ hash: attachment.hash, bytes })),
      draft,
    )
    await this.#reload(chat)
  }

  /** Tries a refused message again. */
  async retry(id: string): Promise<void> {
    const message = this.#find(id)
    if (message === undefined) return
    const files = message.files.map((file) => ({ ...file, location: null }))
    await this.#options.store.patchOutgoing(id, { files, problem: null })
    await this.#reload(message.chat)
  }

  /** Gives a message up. What the server has of its files already, it is to delete. */
  async cancel(id: string): Promise<void> {
    const message = this.#find(id)
    if (message === undefined) return
    const { store, transfer } = this.#options
    // At once, so that the work does not begin anew with it.
    this.#queue.gone(id)
    if (this.#current?.id === id) this.#current.stop()
    const { chat, files } = message
    await store.removeOutgoing(id)
    await store.putFileDeletions(files.map(({ attachment }) => ({ chat, hash: attachment.hash })))
    await this.#reload(chat)
    for (const { location, uploaded } of files)
      if (location !== null && !uploaded) void transfer?.discard(location)
  }

  /** Messages that had these files are taken back. */
  async release(chat: ChatId, attachments: readonly Attachment[]): Promise<void> {
    if (attachments.length === 0) return
    await this.#options.store.putFileDeletions(attachments.map(({ hash }) => ({ chat, hash })))
    await this.#reload(chat)
  }

  /**
   * The server may have lost files that it had: those of messages that are still to be sent are
   * offered once more.
   */
  async serverLost(): Promise<void> {
    for (const { id, chat, files } of this.#queue.messages) {
      if (!files.some(({ uploaded }) => uploaded)) continue
      const anew = files.map((file) => ({ ...file, location: null, uploaded: false }))
      await this.#options.store.patchOutgoing(id, { files: anew })
      await this.#reload(chat)
    }
  }

  /** This tab does the work from now on. */
  lead(): void {
    this.#leads = true
    this.resume()
  }

  /** There is, or may be again, a way to the server. */
  resume(): void {
    this.#queue.resume()
    this.#work()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait()
    this.#current?.stop()
  }

  /** Another tab changed what waits, or tells how far it is. */
  async onTab(message: TabMessage): Promise<void> {
    if (message.type === 'transfer') {
      const { id, hash, sent } = message
      this.#told = { id, hash, sent }
      const chat = this.#find(id)?.chat
      if (chat !== undefined) this.#options.changed(chat)
    } else if (message.type === 'outgoing') {
      await this.load()
      if (this.#current !== undefined && !this.#queue.has(this.#current.id)) this.#current.stop()
      this.#options.changed(message.chat)
      this.#work()
    }
  }

  async idle(): Promise<void> {
    await this.#working
  }

  async #reload(chat: ChatId): Promise<void> {
    await this.load()
    this.#options.changed(chat)
    this.#options.tell({ type: 'outgoing', chat })
    this.#work()
  }

  #find(id: string): OutgoingMessage | undefined {
    return this.#queue.messages.find((message) => message.id === id)
  }

  #work(): void {
    if (!this.#leads) return
    this.#working ??= this.#run()
  }

  async #run(): Promise<void> {
    // So that `#working` is set before it can end.
    await null
    try {
      for (;;) {
        const task = this.#stopped ? undefined : this.#queue.next()
        if (task === undefined) return
        await this.#do(task)
      }
    } catch (error) {
      // The device's database refused. What waits is still there.
      this.#options.storageFailed(error)
      this.#wait()
    } finally {
      this.#working = undefined
    }
  }

  async #do(task: Task): Promise<void> {
    switch (task.kind) {
      case 'upload':
        return this.#upload(task)
      case 'send': {
        try {
          await this.#options.send(task.message)
        } catch (error) {
          if (!(error instanceof TextError || error instanceof MessageError)) throw error
          // It would be tried for ever. The words stay, to be copied.
          return this.#refused(task.message, error.code)
        }
        this.#queue.gone(task.message.id)
        this.#options.changed(task.message.chat)
        this.#options.tell({ type: 'outgoing', chat: task.message.chat })
        return
      }
      case 'delete':
        return this.#delete(task.deletion)
    }
  }

  async #upload({ message, file }: Task & { kind: 'upload' }): Promise<void> {
    const { store, transfer, timers } = this.#options
    const { id, chat } = message
    const { attachment, location } = file
    const { hash } = attachment
    const bytes = await store.file(hash, timers.now())
    if (bytes === undefined || transfer === undefined) return this.#refused(message, 'file-lost')
    const abort = new Abort()
    this.#current = { id, stop: () => abort.abort() }
    this.#noteProgress(message, hash, 0)
    const outcome = await transfer.upload({
      chat,
      attachment,
      bytes,
      location,
      begun: (at) => {
        const files = this.#queue.begun(id, hash, at)
        void store.patchOutgoing(id, { files }).catch(this.#options.storageFailed)
      },
      progress: (sent) => this.#noteProgress(message, hash, sent),
      signal: abort,
    })
    this.#current = undefined
    if (!this.#queue.has(id)) return
    switch (outcome.kind) {
      case 'done':
        await store.patchOutgoing(id, { files: this.#queue.uploaded(id, hash) })
        return this.#options.changed(chat)
      case 'unreachable':
        return this.#wait()
      case 'refused':
        return this.#refused(message, outcome.code)
    }
  }

  async #delete(deletion: FileDeletion): Promise<void> {
    const { store, transfer, refersTo } = this.#options
    const inUse = transfer === undefined || (await refersTo(deletion))
    const outcome = inUse ? undefined : await transfer.delete(deletion.chat, deletion.hash)
    if (outcome?.kind === 'unreachable') return this.#wait()
    if (!inUse) await store.removeFile(deletion.hash)
    await store.removeFileDeletion(deletion)
    this.#queue.deleted(deletion)
  }

  async #refused({ id, chat }: OutgoingMessage, code: string): Promise<void> {
    this.#queue.decide(id, code)
    await this.#options.store.patchOutgoing(id, { problem: code })
    this.#options.changed(chat)
    this.#options.tell({ type: 'outgoing', chat })
  }

  #noteProgress({ id, chat }: OutgoingMessage, hash: string, sent: number): void {
    this.#queue.progress(id, hash, sent)
    this.#options.changed(chat)
    this.#options.tell({ type: 'transfer', id, hash, sent })
  }

  #wait(): void {
    const ms = this.#queue.unreachable()
    for (const { chat } of this.#queue.messages.slice(0, 1)) this.#options.changed(chat)
    this.#cancelWait()
    this.#cancelWait = this.#options.timers.after(ms, () => this.resume())
  }
}

/** The part of an AbortController that is needed, for every runtime. */
class Abort {
  aborted = false
  readonly #listeners: (() => void)[] = []

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  abort(): void {
    if (this.aborted) return
    this.aborted = true
    for (const listener of this.#listeners) listener()
  }
}
