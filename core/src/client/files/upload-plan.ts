/**
 * Messages on their way with their files, as a state machine without I/O. Events change the
 * state; `next` alone decides what is to be done. One thing at a time, oldest message first; one
 * that was refused holds up no other.
 */
import { Backoff } from '../../time/backoff.ts'
import type { Transfer } from '../model/transfer.ts'
import type { FileDeletion, OutgoingFile, OutgoingMessage } from '../store/outgoing-store.ts'

export type Task =
  | { kind: 'upload'; message: OutgoingMessage; file: OutgoingFile }
  | { kind: 'send'; message: OutgoingMessage }
  | { kind: 'delete'; deletion: FileDeletion }

/** Between attempts that do not reach the server. */
const WAITS = { first: 1_000, longest: 60_000 }

export class UploadPlan {
  #messages: readonly OutgoingMessage[] = []
  #deletions: readonly FileDeletion[] = []
  #progress: { id: string; hash: string; sent: number } | undefined
  readonly #backoff = new Backoff(WAITS)
  /** How much of the file in work has got to the server so far. */
  #farthest = { hash: '', sent: 0 }
  #reachable = false

  /** What the device's database has. */
  load(messages: readonly OutgoingMessage[], deletions: readonly FileDeletion[]): void {
    this.#messages = messages
    this.#deletions = deletions
  }

  get messages(): readonly OutgoingMessage[] {
    return this.#messages
  }

  has(id: string): boolean {
    return this.#messages.some((message) => message.id === id)
  }

  /** There is, or may be again, a way to the server. */
  resume(): void {
    this.#reachable = true
  }

  /** There was no way to the server. Returns how long to wait before `resume`, ms. */
  unreachable(): number {
    this.#reachable = false
    this.#progress = undefined
    return this.#backoff.next()
  }

  progress(id: string, hash: string, sent: number): void {
    // Neither a beginning nor coming as far as the last time is a way that works.
    const far = this.#farthest.hash === hash ? this.#farthest.sent : 0
    if (sent > far) this.#backoff.reset()
    this.#farthest = { hash, sent: Math.max(sent, far) }
    this.#progress = { id, hash, sent }
  }

  /** The file is on the server's disk. Returns the message's files as they are to be stored. */
  uploaded(id: string, hash: string): readonly OutgoingFile[] {
    this.#backoff.reset()
    this.#progress = undefined
    return this.#change(id, (file) =>
      file.attachment.hash === hash ? { ...file, uploaded: true } : file,
    )
  }

  /** The server has begun to take a file. */
  begun(id: string, hash: string, location: string): readonly OutgoingFile[] {
    return this.#change(id, (file) =>
      file.attachment.hash === hash ? { ...file, location } : file,
    )
  }

  /** The server will not take it, or, with null, the person asks to try again. */
  decide(id: string, problem: string | null): void {
    this.#progress = undefined
    this.#messages = this.#messages.map((message) =>
      message.id === id ? { ...message, problem } : message,
    )
  }

  /** The message is sent, or given up. */
  gone(id: string): void {
    if (this.#progress?.id === id) this.#progress = undefined
    this.#messages = this.#messages.filter((message) => message.id !== id)
  }

  deleted(deletion: FileDeletion): void {
    this.#backoff.reset()
    this.#deletions = this.#deletions.filter((other) => other !== deletion)
  }

  /** What is to be done now, if anything. */
  next(): Task | undefined {
    const message = this.#messages.find(({ problem }) => problem === null)
    const file = message?.files.find(({ uploaded }) => !uploaded)
    // What is uploaded can be written without a network, as any message.
    if (message !== undefined && file === undefined) return { kind: 'send', message }
    if (!this.#reachable) return undefined
    if (message !== undefined && file !== undefined) return { kind: 'upload', message, file }
    const [deletion] = this.#deletions
    return deletion && { kind: 'delete', deletion }
  }

  transferOf(message: OutgoingMessage): Transfer {
    if (message.problem !== null) return { kind: 'failed', reason: message.problem }
    if (message.files.every(({ uploaded }) => uploaded)) return { kind: 'uploaded' }
    const progress = this.#progress
    if (progress?.id !== message.id) return { kind: 'waiting' }
    return { kind: 'uploading', hash: progress.hash, sent: progress.sent }
  }

  #change(id: string, change: (file: OutgoingFile) => OutgoingFile): readonly OutgoingFile[] {
    this.#messages = this.#messages.map((message) =>
      message.id === id ? { ...message, files: message.files.map(change) } : message,
    )
    return this.#messages.find((message) => message.id === id)?.files ?? []
  }
}
