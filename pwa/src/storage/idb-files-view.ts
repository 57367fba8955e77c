/** What a write transaction does to outgoing messages and files. */

import type { ChatId } from '@wardline/core/base/ids'
import {
  type FileDeletion,
  filesOf,
  type OutgoingMessage,
  surplusFiles,
} from '@wardline/core/client/store/outgoing-store'
import { readFileUse, readOutgoing } from './idb-files-mapping.ts'
import { readAll } from './idb-mapping.ts'
import type { IdbStoreName, IdbWrite } from './idb-schema.ts'
import { type StoredFile, sizeOf } from './stored-bytes.ts'

export class IdbFilesView {
  readonly #transaction: IdbWrite

  constructor(transaction: IdbWrite) {
    this.#transaction = transaction
  }

  async messages(): Promise<OutgoingMessage[]> {
    return readAll(await this.#store('outgoing').getAll(), readOutgoing)
  }

  putMessage(message: OutgoingMessage): void {
    settles(this.#store('outgoing').put({ ...message }))
  }

  async patchMessage(
    id: string,
    patch: Pick<Partial<OutgoingMessage>, 'files' | 'problem'>,
  ): Promise<void> {
    const message = readOutgoing(await this.#store('outgoing').get(id))
    if (message !== undefined) this.putMessage({ ...message, ...patch })
  }

  removeMessage(id: string): void {
    settles(this.#store('outgoing').delete(id))
  }

  putDeletion({ chat, hash }: FileDeletion): void {
    settles(this.#store('fileDeletions').put({ chat, hash }))
  }

  removeDeletion({ chat, hash }: FileDeletion): void {
    settles(this.#store('fileDeletions').delete([chat, hash]))
  }

  putFile(chat: ChatId, file: StoredFile, at: number): void {
    settles(this.#store('files').put(file))
    settles(this.#store('fileUses').put({ hash: file.hash, chat, size: sizeOf(file), at }))
  }

  async touchFile(hash: string, at: number): Promise<void> {
    const use = readFileUse(await this.#store('fileUses').get(hash))
    if (use !== undefined) settles(this.#store('fileUses').put({ ...use, at }))
  }

  async trim(budget: number): Promise<void> {
    const uses = readAll(await this.#store('fileUses').getAll(), readFileUse)
    const needed = filesOf(await this.messages())
    for (const hash of surplusFiles(uses, needed, budget)) this.#dropFile(hash)
  }

  /** Unless a message on its way has it. */
  async removeFile(hash: string): Promise<void> {
    if (!filesOf(await this.messages()).has(hash)) this.#dropFile(hash)
  }

  #dropFile(hash: string): void {
    settles(this.#store('files').delete(hash))
    settles(this.#store('fileUses').delete(hash))
  }

  #store<S extends IdbStoreName>(name: S) {
    return this.#transaction.objectStore(name)
  }
}

/** A request that fails aborts the transaction, and that is where it is reported. */
const settles = (request: Promise<unknown>): void => {
  request.catch(() => {})
}
