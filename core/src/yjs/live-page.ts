/**
 * The messages of a page whose Y.Doc somebody else keeps up to date: a provider, a database. It
 * folds a copy of its own, so that nothing that reads can get in the way of what is synced.
 */
import * as Y from 'yjs'
import { type Message, Page } from '../chat/page.ts'

export class LivePage {
  /** What the document holds at this moment, to be read only. */
  readonly page = new Page()
  readonly doc: Y.Doc
  readonly #listeners = new Set<() => void>()
  readonly #onUpdate = (update: Uint8Array): void => {
    this.page.apply([update])
    for (const listener of [...this.#listeners]) listener()
  }

  constructor(doc: Y.Doc) {
    this.doc = doc
    this.page.apply([Y.encodeStateAsUpdate(doc)])
    doc.on('update', this.#onUpdate)
  }

  /** In the order of the screen, oldest first. Messages that nothing was said about keep their identity. */
  get messages(): readonly Message[] {
    return this.page.messages()
  }

  /** Calls back after each change; returns how to stop it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Follows the document no longer. The document stays. */
  close(): void {
    this.doc.off('update', this.#onUpdate)
    this.#listeners.clear()
  }
}
