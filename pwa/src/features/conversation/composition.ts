/**
 * What is being written in a chat, as it stands on screen. The composer shows it, the messages'
 * menus give it something to answer or to change; what is saved of it follows some moments later.
 */
import { type ComposerDraft, draftId } from '@wardline/core/client/model/composer-draft'
import { isSent, printOf, type SentDraft } from '@wardline/core/client/model/draft-book'
import { isBlank } from '@wardline/core/text/blank'
import { restAfter } from './composer-keys.ts'
import type { Message, MessageKey } from './message.ts'

const newId = (): string => draftId((length) => crypto.getRandomValues(new Uint8Array(length)))

const unsent = (text: string, beginning: string): string => {
  const rest = text.slice(beginning.length)
  return isBlank(rest) ? '' : rest
}

/**
 * What is left of a draft when the beginning of its text goes as a message. The name follows from
 * the one before, so that it is the same in every tab that does this.
 */
export const restOf = (draft: ComposerDraft, beginning: string): ComposerDraft => ({
  ...draft,
  id: `${draft.id}.`,
  text: unsent(draft.text, beginning),
  replyTo: null,
})

export class Composition {
  #draft: ComposerDraft
  #touched = false
  #asked = 0
  readonly #listeners = new Set<() => void>()

  constructor(draft: ComposerDraft) {
    this.#draft = draft
    // Its files are gone with the page that had them; its words are not.
    if (draft.caption !== '') this.keepCaption()
  }

  readonly get = (): ComposerDraft => this.#draft

  /** Returns how to stop listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether the person did something here. */
  get touched(): boolean {
    return this.#touched
  }

  /** How often the person asked here for something to answer or to change. */
  get asked(): number {
    return this.#asked
  }

  /** What stands in the box. */
  get text(): string {
    return this.#draft.edit?.text ?? this.#draft.text
  }

  get isPlain(): boolean {
    return this.#draft.edit === null && this.#draft.replyTo === null
  }

  /**
   * Takes in what another tab saved, or what was read late, until the person does something; and
   * later still, that what stands here was sent from another tab.
   */
  adopt(draft: ComposerDraft, sent: readonly SentDraft[] = []): void {
    if (!this.#touched) return this.#show(draft)
    const { edit, text } = this.#draft
    if (text === '' || !isSent({ sent }, this.#draft, printOf(text))) return
    this.#change({ id: '', text: '', ...(edit === null && { replyTo: null }) })
  }

  write(text: string): void {
    const { edit } = this.#draft
    this.#change(edit === null ? { text } : { edit: { ...edit, text } })
  }

  reply(key: MessageKey): void {
    this.#asked++
    this.#change({ replyTo: key, edit: null })
  }

  /** What was written so far waits until the change is done. */
  edit({ key, text }: Pick<Message, 'key' | 'text'>): void {
    this.#asked++
    const { edit } = this.#draft
    this.#change({ edit: edit?.key === key ? edit : { key, text } })
  }

  /** Gives up the change, or else the answer; the words of an answer stay. */
  leave(): void {
    this.#change(this.#draft.edit === null ? { replyTo: null } : { edit: null })
  }

  /** The message is no more. */
  forget(key: MessageKey): void {
    const { edit, replyTo } = this.#draft
    if (edit?.key === key) this.#change({ edit: null })
    if (replyTo === key) this.#change({ replyTo: null })
  }

  /** What stands below files that were picked. */
  caption(caption: string): void {
    if (caption !== this.#draft.caption) this.#change({ caption })
  }

  /** The files are not sent after all: the words below them go on here. */
  keepCaption(): void {
    const { text, caption } = this.#draft
    if (caption === '') return
    this.#change({ text: text === '' ? caption : `${text}\n${caption}`, caption: '' })
  }

  /** Files went, with their words and what they answered. */
  filesSent(): void {
    this.#change({ caption: '', replyTo: null })
  }

  /** `text` is saved as a message. What was typed on behind it stays. */
  sent(text: string): void {
    this.#sent(restAfter(this.#draft.text, text))
  }

  /** The beginning of the text is saved as a message, and the rest with it, under a name of its own. */
  sentPart(beginning: string, rest: ComposerDraft): void {
    const { text } = this.#draft
    const left = text.startsWith(beginning) ? unsent(text, beginning) : text
    this.#sent(left, left === rest.text && left !== '' ? rest.id : '')
  }

  edited(key: MessageKey): void {
    if (this.#draft.edit?.key === key) this.#change({ edit: null })
  }

  /** The rest is another piece of writing. */
  #sent(text: string, id = ''): void {
    this.#change({ id, text, replyTo: null })
  }

  #change(part: Partial<ComposerDraft>): void {
    this.#touched = true
    const draft = { ...this.#draft, ...part }
    const isNothing = draft.text === '' && draft.caption === '' && draft.edit === null
    const isNew = draft.id === '' && !(isNothing && draft.replyTo === null)
    this.#show(isNew ? { ...draft, id: newId() } : draft)
  }

  #show(draft: ComposerDraft): void {
    this.#draft = draft
    for (const listener of this.#listeners) listener()
  }
}
