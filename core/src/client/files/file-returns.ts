/**
 * Gives files back that the server has lost: whoever has the bytes may, for their name is their
 * content. The server says which it misses; a device that has none of them does nothing.
 */
import { Age } from '../../time/age.ts'
import type { Timers } from '../model/ports.ts'
import type { OutgoingStore } from '../store/outgoing-store.ts'
import type { FileTransfer } from './file-transfer.ts'

/** How long after a look the next one comes, ms. */
const LOOK_AGAIN = 900_000

export interface FileReturnsOptions {
  store: Pick<OutgoingStore, 'file'>
  transfer: FileTransfer | undefined
  timers: Timers
  isConnected(): boolean
}

export class FileReturns {
  readonly #options: FileReturnsOptions
  #looked: Age | undefined
  #working: Promise<void> | undefined
  #cancel = () => {}
  #stopped = false

  constructor(options: FileReturnsOptions) {
    this.#options = options
  }

  /** There is a way to the server: asks what it lacks, if that was not done lately. */
  look(): void {
    if (this.#stopped || this.#working !== undefined || !this.#options.isConnected()) return
    if (this.#looked !== undefined && this.#looked.ms < LOOK_AGAIN) return
    const { timers } = this.#options
    this.#looked = new Age(timers)
    // What fails is tried with the next look.
    this.#working = this.#giveBack()
      .catch(() => {})
      .finally(() => {
        this.#working = undefined
      })
    this.#cancel()
    this.#cancel = timers.after(LOOK_AGAIN, () => this.look())
  }

  async idle(): Promise<void> {
    await this.#working
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  async #giveBack(): Promise<void> {
    const { store, transfer, timers } = this.#options
    if (transfer === undefined) return
    for (const { chat, ...attachment } of await transfer.lost()) {
      const bytes = await store.file(attachment.hash, timers.now())
      if (this.#stopped || bytes === undefined) continue
      // Its own may be damaged as well.
      if ((await transfer.hashOf(bytes)) !== attachment.hash) continue
      await transfer.upload({
        chat,
        attachment,
        bytes,
        location: null,
        returns: true,
        begun() {},
        progress() {},
        signal: NEVER,
      })
    }
  }
}

const NEVER = { aborted: false, addEventListener() {} }
