/**
 * Documents that turn out to be damaged: what the disk has of one is put aside, it is begun anew
 * with what can be read, and the devices of those who may have it give everything of theirs again
 * ([DAMAGE-1] in docs/protocol.md). Damage stays with its document: everything else goes on.
 */

import type { DocName } from '@wardline/core/base/ids'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { Backoff } from '@wardline/core/time/backoff'
import { Lru } from '../base/lru.ts'
import type { Timers } from '../base/timers.ts'
import { rowsOf } from '../storage/doc-content.ts'
import { isDamage } from '../storage/seal.ts'
import type { Damage } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import type { Documents } from './documents.ts'
import type { Log } from './ports.ts'
import { salvage } from './salvage.ts'

/** Between attempts at a document that cannot be mended, or that is damaged again, ms. */
const RETRY = { first: 1_000, longest: 3_600_000, steady: 24 * 3_600_000 }
/** Attempts after which a document is left as it is until the next start. */
const MOST_ATTEMPTS = 8
/** Documents of which is remembered how often they were tried. */
const REMEMBERED = 10_000
/** Of records and audit lines that are damaged so many are told of one by one. */
const MOST_TOLD = 1_000

interface Patient {
  readonly backoff: Backoff
  attempts: number
  /** Of a clock that nobody sets, ms; nothing is tried before. */
  restsUntil: number
}

export interface DocMenderOptions {
  readonly documents: Documents
  readonly timers: Timers
  readonly log: Log
  /** What the server itself knows of a document, to be added to what is left of it. */
  readonly known: (doc: DocName, left: readonly Uint8Array[]) => Promise<Uint8Array | undefined>
}

/** What was found to be damaged since the start. */
export interface DamageReport {
  /** Documents that were begun anew. */
  readonly mended: number
  /** Documents that cannot be read at the moment. */
  readonly documents: number
  /** Other values: accounts, sessions, the audit trail. */
  readonly records: number
}

export class DocMender {
  readonly #options: DocMenderOptions
  readonly #patients = new Lru<DocName, Patient>(REMEMBERED)
  readonly #open = new Set<DocName>()
  readonly #mended = new Set<DocName>()
  readonly #told = new Set<string>()
  readonly #stopListening: () => void
  #running: Promise<void> | undefined
  #cancelRest = () => {}
  #stopped = false

  constructor(options: DocMenderOptions) {
    this.#options = options
    this.#stopListening = options.documents.store.onDamage((damage) => this.#noted(damage))
  }

  get report(): DamageReport {
    return {
      mended: this.#mended.size,
      documents: this.#open.size,
      records: this.#told.size,
    }
  }

  /** Resolves when nothing can be done right now. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopListening()
    this.#cancelRest()
    await this.idle()
  }

  /** A document cannot be read, or is not what it was. */
  mend(doc: DocName): void {
    if (this.#stopped) return
    if (!this.#open.has(doc)) this.#options.log('error', 'doc.damaged', { doc })
    this.#open.add(doc)
    this.#running ??= this.#run()
  }

  #noted({ doc, message }: Damage): void {
    if (doc !== undefined) return this.mend(doc)
    if (this.#told.has(message) || this.#told.size >= MOST_TOLD) return
    this.#told.add(message)
    this.#options.log('error', 'record.damaged', { message })
  }

  async #run(): Promise<void> {
    const { timers } = this.#options
    await new Promise(setImmediate)
    while (!this.#stopped) {
      const now = timers.elapsed()
      const [doc] = [...this.#open].filter((each) => this.#patient(each).restsUntil <= now)
      if (doc === undefined) break
      await this.#try(doc)
    }
    this.#running = undefined
    this.#rest()
  }

  async #try(doc: DocName): Promise<void> {
    const { documents, log, timers, known } = this.#options
    const patient = this.#patient(doc)
    patient.attempts++
    patient.restsUntil = timers.elapsed() + patient.backoff.next()
    try {
      if (await this.#isWhole(doc)) return void this.#open.delete(doc)
      const read = await documents.store.salvage(doc)
      const left = salvage(read)
      const more = await known(doc, left)
      const updates = more === undefined ? left : [...left, more]
      const details = { doc, rows: read.length }
      const line = { at: timers.now(), actor: 'server', action: 'doc.begun-anew', details }
      await documents.beginAnew(doc, updates, line)
      this.#open.delete(doc)
      this.#mended.add(doc)
      log('error', 'doc.begun-anew', details)
    } catch (error) {
      log('error', 'doc.not-mended', { doc, message: String(error) })
    }
  }

  /** Somebody may have read it while it was being mended. */
  async #isWhole(doc: DocName): Promise<boolean> {
    try {
      const { store } = this.#options.documents
      const content = await store.read(doc)
      // Without its head a document is as one that never was, but for its rows.
      if (content.head === 0) return (await store.salvage(doc)).length === 0
      const index = new GateIndex()
      for (const { update } of rowsOf(content)) index.addStored(update)
      return true
    } catch (error) {
      if (error instanceof StoreError && !isDamage(error)) throw error
      return false
    }
  }

  /** Looks again when the first of those that rest has rested. */
  #rest(): void {
    this.#cancelRest()
    const { timers } = this.#options
    const next = [...this.#open]
      .map((doc) => this.#patient(doc))
      .filter(({ attempts }) => attempts < MOST_ATTEMPTS)
      .reduce((first, { restsUntil }) => Math.min(first, restsUntil), Number.POSITIVE_INFINITY)
    if (this.#stopped || next === Number.POSITIVE_INFINITY) return
    this.#cancelRest = timers.after(Math.max(0, next - timers.elapsed()), () => {
      this.#running ??= this.#run()
    })
  }

  #patient(doc: DocName): Patient {
    const known = this.#patients.get(doc)
    if (known !== undefined) {
      if (known.attempts >= MOST_ATTEMPTS) known.restsUntil = Number.POSITIVE_INFINITY
      return known
    }
    const patient = { backoff: new Backoff(RETRY), attempts: 0, restsUntil: 0 }
    this.#patients.set(doc, patient)
    return patient
  }
}
