/**
 * What is being written in a chat, as it stands on screen. The composer shows it, the messages'
 * menus give it something to answer or to change; what is saved of it follows some moments later.
 */
import type { ComposerDraft } from '@wardline/core/client/composer-draft'
import { restAfter } from './composer-keys.ts'
import type { Message, MessageKey } from './message.ts'

export class Composition {
  #draft: ComposerDraft
  #touched = false
  #asked = 0
  readonly #listeners = new Set<() => void>()

  constructor(draft: ComposerDraft) {
    this.#draft = draft
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

  /** Takes in what another tab saved, or what was read late, until the person does something. */
  adopt(draft: ComposerDraft): void {
    if (!this.#touched) this.#show(draft)
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

  /** `text` is saved as a message. What was typed on behind it stays. */
  sent(text: string): void {
    this.#change({ text: restAfter(this.#draft.text, text), replyTo: null })
  }

  edited(key: MessageKey): void {
    if (this.#draft.edit?.key === key) this.#change({ edit: null })
  }

  #change(part: Partial<ComposerDraft>): void {
    this.#touched = true
    this.#show({ ...this.#draft, ...part })
  }

  #show(draft: ComposerDraft): void {
    this.#draft = draft
    for (const listener of this.#listeners) listener()
  }
}
