/** Takes back all that somebody wrote in a chat, when their account is erased. */
import { type ChatId, pageDoc, type UserId } from '@wardline/core/base/ids'
import type { Directory } from '../directory/directory.ts'
import { apiDevice } from '../folds/chat-caller.ts'
import type { ApiDevice } from './api-device.ts'
import type { PageFolds } from './page-folds.ts'

export interface TakingBackOptions {
  readonly directory: Pick<Directory, 'chatOf'>
  readonly folds: PageFolds
  readonly device: ApiDevice
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Methods reject with `StoreError`. */
export class TakingBack {
  readonly #options: TakingBackOptions

  constructor(options: TakingBackOptions) {
    this.#options = options
  }

  /**
   * Everything that they wrote, also before they were out of the chat. What was taken back already
   * stays so: it can be done again. Tells how many messages it was.
   */
  async all(user: UserId, id: ChatId): Promise<number> {
    const { directory, folds, device, now } = this.#options
    const chat = await directory.chatOf(id)
    const everybody = [...(chat?.members ?? []), ...(chat?.group?.former ?? [])]
    const index = everybody.find(({ userId }) => userId === user)?.index
    if (chat === undefined || index === undefined) return 0
    const caller = { user, chat, index, device: apiDevice() }
    let taken = 0
    for (const month of chat.pages) {
      const doc = pageDoc(id, month)
      for (const place of await folds.ask(user, doc, 'writtenBy', { index })) {
        const about = { place, index, now: now() }
        await device.write(doc, caller, {
          question: 'retraction',
          about,
          evenOut: true,
          make: (found, laneWriter) =>
            found && { write: laneWriter.entries(found.added, found.seen, found.deletes) },
        })
        taken++
      }
    }
    return taken
  }
}
