/** The settings of the clinic, as the store has them and as everybody is told. */
import { createHash } from 'node:crypto'
import { contend } from '@wardline/core/time/contend'
import type { JsonObject } from '../base/json.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import { isDamage } from '../storage/seal.ts'
import type { Store } from '../storage/store.ts'
import {
  type ClinicChange,
  type ClinicSettings,
  clinicSettingsSchema,
  defaultSettings,
} from './clinic-settings.ts'

const KEY = 'clinic/settings'

export interface ClinicOptions {
  readonly store: Pick<Store, 'getRecord' | 'commit' | 'onReset'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What `lockMinutes` is until an admin says otherwise. */
  readonly lockMinutes?: number
}

/** The settings with a name for exactly these, in letters of a header. */
export interface NamedSettings {
  readonly settings: ClinicSettings
  readonly tag: string
}

interface Known extends NamedSettings {
  /** Of the record; 0: there is none. Undefined: it is damaged, and whatever is written mends it. */
  readonly version: number | undefined
}

/** Methods reject with `StoreError` when the store cannot read or write. */
export class Clinic {
  readonly #store: ClinicOptions['store']
  readonly #now: () => number
  readonly #defaults: ClinicSettings
  /** Everybody asks for them, so they are read once. */
  #known: Known | undefined

  constructor({ store, now, lockMinutes = 0 }: ClinicOptions) {
    this.#store = store
    this.#now = now
    this.#defaults = defaultSettings(lockMinutes)
    store.onReset(() => {
      this.#known = undefined
    })
  }

  async settings(): Promise<ClinicSettings> {
    return (await this.named()).settings
  }

  async named(): Promise<NamedSettings> {
    if (this.#known !== undefined) return this.#known
    const read = await this.#read()
    // Somebody may have changed them meanwhile.
    this.#known ??= read
    return this.#known
  }

  /**
   * Changes some of them, with an audit line that names which. Nothing is written where nothing is
   * new. Fails with `server-busy` after losing too many races.
   *
   * @param actor the user id of who does, or `server`
   */
  async change(change: ClinicChange, actor: string): Promise<Result<ClinicSettings, Failure>> {
    const changed = await contend(async () => {
      const { settings, version } = await this.#read()
      const next = { ...settings, ...given(change) }
      const fields = fieldsChanged(settings, next)
      if (fields.length === 0) return ok(settings)
      const commit = await this.#store.commit({
        records: [{ key: KEY, value: next, ...(version !== undefined && { expect: version }) }],
        audit: [
          {
            at: this.#now(),
            actor,
            action: 'settings.changed',
            subject: 'clinic',
            details: { fields },
          },
        ],
      })
      if (commit.kind === 'conflict') return undefined
      this.#known = named(next, commit.seq)
      return ok(next)
    })
    return changed ?? failure('server-busy')
  }

  /** A setting that the server has only now has its default, and so has all of a damaged record. */
  async #read(): Promise<Known> {
    const found = await this.#store.getRecord(KEY).catch((error: unknown) => {
      if (!isDamage(error)) throw error
      return 'damaged' as const
    })
    if (found === 'damaged') return named(this.#defaults, undefined)
    if (found === undefined) return named(this.#defaults, 0)
    const settings = { ...this.#defaults, ...(found.value as JsonObject) }
    return named(clinicSettingsSchema.parse(settings), found.version)
  }
}

const named = (settings: ClinicSettings, version: number | undefined): Known => ({
  settings,
  version,
  tag: createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 22),
})

/** What of a change there is to be done. */
const given = (change: ClinicChange): Partial<ClinicSettings> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

const fieldsChanged = (before: ClinicSettings, after: ClinicSettings): string[] =>
  Object.entries(after)
    .filter(([field, value]) => {
      const was = before[field as keyof ClinicSettings]
      return JSON.stringify(value) !== JSON.stringify(was)
    })
    .map(([field]) => field)
