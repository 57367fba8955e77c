/**
 * Which of the own entries of a page the server has durably. A stock provider is told of no
 * acknowledgement; but what comes back to another client is durable ([PLAIN-6] in
 * docs/protocol.md), and this is one, with a document of its own. It is connected only while
 * something is waited for.
 */
import * as Y from 'yjs'
import type { MemberIndex, Writer } from '../base/client-id.ts'
import type { Entry } from '../chat/entry.ts'
import type { DocConnection } from './connect-doc.ts'
import { LivePage } from './live-page.ts'

export interface StoredEntriesOptions {
  /** The page as this device has it. */
  readonly page: LivePage
  readonly index: MemberIndex
  /**
   * Connects the document that it is given, with the name of the page, and not with other tabs:
   * what comes from those need not have been anywhere else.
   */
  readonly connect: (copy: Y.Doc) => DocConnection
}

export class StoredEntries {
  readonly #page: LivePage
  readonly #index: MemberIndex
  readonly #copy = new LivePage(new Y.Doc())
  readonly #connect: (copy: Y.Doc) => DocConnection
  readonly #stops: (() => void)[]
  #connection: DocConnection | undefined

  constructor({ page, index, connect }: StoredEntriesOptions) {
    this.#page = page
    this.#index = index
    this.#connect = connect
    this.#stops = [page.subscribe(() => this.#look()), this.#copy.subscribe(() => this.#look())]
    this.#look()
  }

  /** Whether the server has said that it has the entry. Never goes back while this lives. */
  has({ writer, n }: { readonly writer: Writer; readonly n: number }): boolean {
    return (this.#copy.page.vector.get(writer) ?? 0) >= n
  }

  /** Own entries that are on this device alone, as far as is known. */
  get waiting(): readonly Entry[] {
    return this.#page.page.entriesOf(this.#index).filter((entry) => !this.has(entry))
  }

  /** Calls back when more is stored; returns how to stop it. */
  subscribe(listener: () => void): () => void {
    return this.#copy.subscribe(listener)
  }

  /**
   * Asks the server once more what it has; resolves when it has said so, at once when nothing is
   * waited for. After that {@link waiting} is what it has not got, and refused if it refused anything.
   */
  async recheck(): Promise<void> {
    if (this.waiting.length === 0 || this.#connection === undefined) return
    const { provider } = this.#connection
    this.#connection.disconnect()
    const answered = new Promise<void>((resolve) => {
      const onSync = (synced: boolean): void => {
        if (!synced) return
        provider.off('sync', onSync)
        resolve()
      }
      provider.on('sync', onSync)
    })
    this.#connection.connect()
    await answered
  }

  /** Goes on waiting after the session had ended and somebody has signed in. */
  resume(): void {
    if (this.waiting.length > 0) this.#connection?.connect()
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#connection?.close()
    this.#copy.close()
    this.#copy.doc.destroy()
  }

  #look(): void {
    if (this.waiting.length === 0) return this.#connection?.disconnect()
    if (this.#connection !== undefined) return this.#connection.connect()
    this.#connection = this.#connect(this.#copy.doc)
    // One person is not to be heard twice.
    this.#connection.provider.awareness.setLocalState(null)
  }
}
