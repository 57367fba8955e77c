/** The part of the store in memory that keeps outgoing messages and files. */
import type { ChatId } from '../../base/ids.ts'
import {
  type FileBytes,
  type FileDeletion,
  filesOf,
  type NamedBytes,
  type OutgoingMessage,
  surplusFiles,
} from './outgoing-store.ts'

export class MemoryFiles {
  readonly outgoing = new Map<string, OutgoingMessage>()
  readonly deletions = new Map<string, FileDeletion>()
  readonly #files = new Map<string, { chat: ChatId; bytes: FileBytes; at: number }>()

  put(chat: ChatId, { hash, bytes }: NamedBytes, at: number): void {
    this.#files.set(hash, { chat, bytes, at })
  }

  use(hash: string, at: number): FileBytes | undefined {
    const file = this.#files.get(hash)
    if (file !== undefined) file.at = at
    return file?.bytes
  }

  of(chat: ChatId): string[] {
    return [...this.#files].filter(([, file]) => file.chat === chat).map(([hash]) => hash)
  }

  trim(budget: number): void {
    const uses = [...this.#files].map(([hash, { bytes, at }]) => ({ hash, size: bytes.size, at }))
    const needed = filesOf([...this.outgoing.values()])
    for (const hash of surplusFiles(uses, needed, budget)) this.#files.delete(hash)
  }

  remove(hash: string): void {
    if (!filesOf([...this.outgoing.values()]).has(hash)) this.#files.delete(hash)
  }

  clear(): void {
    this.outgoing.clear()
    this.deletions.clear()
    this.#files.clear()
  }
}
