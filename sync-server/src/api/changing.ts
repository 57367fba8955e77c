import type { ChatId, UserId } from '@wardline/core/base/ids'
import { openBody, sealBody } from '@wardline/core/chat/body'
import { EntryKind, MAX_BODY } from '@wardline/core/chat/entry'
import type { Message } from '@wardline/core/chat/page'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { ChatCaller } from '../folds/chat-caller.ts'
import { filesOf } from '../folds/files-of.ts'
import type { MessageRef } from '../folds/message-id.ts'
import type { MessageJson } from '../folds/message-schema.ts'
import { docOf, placeOf } from '../folds/places.ts'
import { may } from '../permissions/permissions.ts'
import type { ApiDevice } from './api-device.ts'
import type { PageFolds } from './page-folds.ts'

type Answer = Result<MessageJson, Failure>

/** What taking a message back needs of the files. Methods reject with `StoreError`. */
export interface MessageFiles {
  release(user: UserId, chat: ChatId, hash: string): Promise<unknown>
  dropLeft(chat: ChatId): Promise<void>
}

export interface ChangingOptions {
  readonly folds: PageFolds
  readonly device: ApiDevice
  readonly files: MessageFiles | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Changes the caller's own messages, and takes them back. */
export class Changing {
  readonly #options: ChangingOptions

  constructor(options: ChangingOptions) {
    this.#options = options
  }

  /** Puts another text in the place of a message's; its files stay. */
  async edit(caller: ChatCaller, place: MessageRef, text: string): Promise<Answer> {
    const own = await this.#own(caller, place)
    if (!own.ok) return own
    const message = own.value
    const opened = message.body === null ? undefined : await openBody(message.body)
    if (opened?.kind !== 'content') return failure('message-not-editable')
    if (opened.content.text === text) return this.#answer(caller, place)
    const body = await sealBody({ ...opened.content, text })
    if (body.length > MAX_BODY) return failure('body-too-large')
    const ref = { writer: place.writer, n: place.n }
    let retracted = false
    const isIn = await this.#options.device.write(docOf(place), caller, {
      question: 'edit',
      about: { place: ref, now: this.#options.now() },
      make: (footing, laneWriter) => {
        retracted = footing === undefined
        if (footing === undefined) return undefined
        const draft = { at: footing.at, kind: EntryKind.edit, ref, body }
        return { write: laneWriter.entries([draft], footing.seen) }
      },
    })
    if (!isIn) return failure('message-not-found')
    return retracted ? failure('message-not-editable') : this.#answer(caller, place)
  }

  /**
   * Takes a message back, with its files. Taking back what was taken back already changes nothing.
   */
  async retract(caller: ChatCaller, place: MessageRef): Promise<Answer> {
    const own = await this.#own(caller, place)
    if (!own.ok) return own
    const { files } = this.#options
    // Before the message goes, which still keeps them: whatever fails then, nothing is left over.
    const hashes = await filesOf(own.value)
    for (const hash of hashes) await files?.release(caller.user, place.chat, hash)
    const isIn = await this.#options.device.write(docOf(place), caller, {
      question: 'retraction',
      about: { place: placeOf(place), index: caller.index, now: this.#options.now() },
      make: (found, laneWriter) =>
        found && { write: laneWriter.entries(found.added, found.seen, found.deletes) },
    })
    if (!isIn) return failure('message-not-found')
    if (hashes.size > 0) await files?.dropLeft(place.chat)
    return this.#answer(caller, place)
  }

  async #own(caller: ChatCaller, place: MessageRef): Promise<Result<Message, Failure>> {
    if (!caller.chat.pages.includes(place.month)) return failure('message-not-found')
    const { folds } = this.#options
    const message = await folds.ask(caller.user, docOf(place), 'message', placeOf(place))
    if (message === undefined) return failure('message-not-found')
    const role = caller.chat.members.find(({ index }) => index === caller.index)?.role
    const relation = message.author === caller.index ? 'own' : 'member'
    if (role === undefined || !may('message.change', [role], relation))
      return failure('not-your-message')
    return ok(message)
  }

  async #answer(caller: ChatCaller, place: MessageRef): Promise<Answer> {
    const own = await this.#own(caller, place)
    if (!own.ok) return own
    const about = { caller, month: place.month, places: [placeOf(place)] }
    const [answer] = await this.#options.folds.ask(caller.user, docOf(place), 'json', about)
    return answer === undefined ? failure('message-not-found') : ok(answer)
  }
}
