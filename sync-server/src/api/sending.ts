import { type Month, monthOf, pageDoc, type UserId } from '@wardline/core/base/ids'
import { openBody, sealBody } from '@wardline/core/chat/body'
import { EntryKind, type EntryRef, MAX_BODY } from '@wardline/core/chat/entry'
import type { Message } from '@wardline/core/chat/page'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { type ChatCaller, userAt } from '../folds/chat-caller.ts'
import { type MessageRef, readMessageId, writeMessageId } from '../folds/message-id.ts'
import type { MessageJson } from '../folds/message-schema.ts'
import { docOf, placeOf } from '../folds/places.ts'
import type { ApiDevice } from './api-device.ts'
import type { HeldKey, IdempotencyKeys } from './idempotency.ts'
import type { PageFolds } from './page-folds.ts'
import type { SendBody } from './schemas.ts'

export interface SendingOptions {
  readonly folds: PageFolds
  readonly device: ApiDevice
  readonly keys: IdempotencyKeys
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Answer = Result<MessageJson, Failure>

/** Sends messages, each once for an idempotency key. */
export class Sending {
  readonly #options: SendingOptions

  constructor(options: SendingOptions) {
    this.#options = options
  }

  send(user: UserId, caller: ChatCaller, body: SendBody, key: string | undefined): Promise<Answer> {
    if (key === undefined) return this.#send(caller, body, undefined)
    return this.#options.keys.hold(user, key, async (held) => {
      if (held.first === undefined) return this.#send(caller, body, held)
      if (!('message' in held.first)) return failure('idempotency-key-reused')
      const first = readMessageId(held.first.message)
      const again = first && (await this.#again(caller, body, first))
      return again ?? this.#send(caller, body, held)
    })
  }

  /** The answer to a key that is known; undefined when its message is not there. */
  async #again(caller: ChatCaller, body: SendBody, first: MessageRef): Promise<Answer | undefined> {
    if (first.chat !== caller.chat.id) return failure('idempotency-key-reused')
    const { folds } = this.#options
    const place = placeOf(first)
    const message = await folds.ask(caller.user, docOf(first), 'message', place)
    if (message === undefined) return undefined
    // Its content is gone, so nothing tells whether this is the same request.
    if (message.retracted) {
      const about = { caller, month: first.month, places: [place] }
      const [stub] = await folds.ask(caller.user, docOf(first), 'json', about)
      return stub && ok(stub)
    }
    const same = (await textOf(message)) === body.text && replyOf(first, message) === body.replyTo
    return same
      ? ok(firstAnswer(caller, first, message.at, body))
      : failure('idempotency-key-reused')
  }

  async #send(caller: ChatCaller, body: SendBody, key: HeldKey | undefined): Promise<Answer> {
    const { device, now } = this.#options
    const { chat } = caller
    const sealed = await sealBody({ text: body.text })
    if (sealed.length > MAX_BODY) return failure('body-too-large')
    const target = body.replyTo === undefined ? undefined : readMessageId(body.replyTo)
    if (target !== undefined && !(await this.#isThere(caller, target)))
      return failure('message-not-found')
    const time = now()
    const month = monthOf(time)
    let answer: MessageJson | undefined
    const isIn = await device.append(pageDoc(chat.id, month), caller, {
      question: 'footing',
      about: time,
      make: (footing, laneWriter) => {
        const at = monthOf(footing.at) === month ? footing.at : time
        const ref = target === undefined ? null : refTo(target, month)
        const draft = { at, kind: EntryKind.message, ref, body: sealed }
        const write = laneWriter.entries([draft], footing.seen)
        const [entry] = write.entries
        if (entry === undefined) throw new Error('a message is an entry')
        const place = { chat: chat.id, month, ...entry }
        answer = firstAnswer(caller, place, at, body)
        if (key === undefined) return { write }
        return { write, records: [key.claim({ message: writeMessageId(place) })] }
      },
    })
    if (!isIn) return failure('chat-not-found')
    if (answer === undefined) throw new Error('what is written has an answer')
    return ok(answer)
  }

  async #isThere({ user, chat }: ChatCaller, target: MessageRef): Promise<boolean> {
    if (target.chat !== chat.id || !chat.pages.includes(target.month)) return false
    const { folds } = this.#options
    return (await folds.ask(user, docOf(target), 'message', placeOf(target))) !== undefined
  }
}

const refTo = ({ writer, n, month }: MessageRef, here: Month): EntryRef =>
  month === here ? { writer, n } : { writer, n, month }

/** What the sender learns: the message as it is at that moment. */
const firstAnswer = (
  { chat, index }: ChatCaller,
  place: MessageRef,
  at: number,
  { text, replyTo }: SendBody,
): MessageJson => ({
  id: writeMessageId(place),
  chatId: chat.id,
  senderId: userAt(chat, index) ?? null,
  text,
  at,
  retracted: false,
  ...(replyTo !== undefined && { replyTo }),
  status: 'stored',
  deliveredTo: [],
  readBy: [],
  attachments: [],
})

/** As it was sent, whatever it was changed to. */
const textOf = async ({ history, body }: Message): Promise<string | undefined> => {
  const sent = history[0] ?? body
  const opened = sent === null ? undefined : await openBody(sent)
  return opened?.kind === 'content' ? opened.content.text : undefined
}

const replyOf = ({ chat, month }: MessageRef, { reply }: Message): string | undefined =>
  reply === null
    ? undefined
    : writeMessageId({ chat, month: reply.month ?? month, writer: reply.writer, n: reply.n })
