import type { DeviceId, DocName, UserId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import type { Documents } from './documents.ts'
import type { Log } from './ports.ts'

/** Lines per user and code; a broken program that tries again and again is one fact. */
const EVERY_MS = 10 * 60_000
/** Users and codes that are remembered. */
const KEPT = 10_000

export interface RefusedUpdate {
  readonly user: UserId
  readonly device: DeviceId | undefined
  readonly doc: DocName
  /** Of the gate. */
  readonly code: string
}

/**
 * Writes into the audit trail who tried what the gate does not let through. Never the content.
 * That something is missing is no such attempt: it happens to honest clients after a restore.
 */
export class RefusalAudit {
  readonly #documents: Documents
  readonly #clock: Clock
  readonly #log: Log
  readonly #noted = new Map<string, number>()

  constructor(documents: Documents, clock: Clock, log: Log) {
    this.#documents = documents
    this.#clock = clock
    this.#log = log
  }

  note({ user, device, doc, code }: RefusedUpdate): void {
    if (code === 'MISSING_DEP') return
    const key = `${user} ${code}`
    const now = this.#clock.elapsed()
    if (now - (this.#noted.get(key) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
    this.#noted.delete(key)
    this.#noted.set(key, now)
    for (const oldest of this.#noted.keys()) {
      if (this.#noted.size <= KEPT) break
      this.#noted.delete(oldest)
    }
    this.#log('warn', 'update.refused', { user, device, doc, code })
    const details = { doc, code, ...(device && { device }) }
    const at = this.#clock.now()
    const line = { at, actor: user, action: 'update.refused', subject: user, details }
    this.#documents.commit({ audit: [line] }).catch((error: unknown) => {
      this.#log('error', 'audit.not-written', { user, code, message: String(error) })
    })
  }
}
