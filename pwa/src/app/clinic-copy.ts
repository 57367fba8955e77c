/**
 * The device's own copy of how the clinic presents itself: there at once, without a network too, and
 * also for who is not signed in.
 */
import { type ClinicView, parseClinic, unknownClinic } from '../base/clinic.ts'
import { askClinic, type ClinicAnswer } from '../sync/clinic-api.ts'
import { liveValue, type Readable } from './live-value.ts'

const KEPT = 'wardline-clinic'
/** Shown by `public/look.js`, which runs before anything is painted. */
const ACCENT = 'wardline-accent'

/** The part of the browser's storage that it needs. */
type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

interface Kept {
  tag: string
  clinic: ClinicView
}

export interface ClinicCopyOptions {
  readonly shelf?: Shelf
  readonly ask?: (tag: string) => Promise<ClinicAnswer>
  /** The tokens of a colour, which are worked out only when it is another. */
  readonly tokens?: (accent: string) => Promise<unknown>
  /** The look of the page is to be drawn anew. */
  readonly drawn?: () => void
}

export class ClinicCopy {
  readonly #told
  readonly told: Readable<ClinicView>
  readonly #shelf: Shelf
  readonly #ask: (tag: string) => Promise<ClinicAnswer>
  readonly #tokens: (accent: string) => Promise<unknown>
  readonly #drawn: () => void
  #tag: string
  #asking: Promise<void> | undefined

  constructor({
    shelf = localStorage,
    ask = askClinic,
    tokens = async (accent) => (await import('../base/accent-tokens.ts')).accentTokens(accent),
    drawn = () => void dispatchEvent(new Event('wardline-look')),
  }: ClinicCopyOptions = {}) {
    this.#shelf = shelf
    this.#ask = ask
    this.#tokens = tokens
    this.#drawn = drawn
    const kept = readKept(shelf)
    this.#tag = kept?.tag ?? ''
    this.#told = liveValue<ClinicView>(kept?.clinic ?? unknownClinic)
    this.told = this.#told
  }

  /** Asks the server whether it is another one. Never rejects; one question at a time. */
  refresh(): Promise<void> {
    this.#asking ??= this.#refresh().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** After everything else of this device has gone: it is of the clinic, and of no person. */
  keep(): void {
    if (this.#tag === '') return
    this.#write()
    void this.#colour(this.#told.get().accent)
  }

  async #refresh(): Promise<void> {
    const answer = await this.#ask(this.#tag)
    if (answer.kind !== 'clinic') return
    const before = this.#told.get()
    this.#tag = answer.tag
    this.#told.set(answer.clinic)
    if (answer.clinic.accent !== before.accent) await this.#colour(answer.clinic.accent)
    // Last: a page that goes before has the next one ask again, for the colour as well.
    this.#write()
  }

  #write(): void {
    const kept: Kept = { tag: this.#tag, clinic: this.#told.get() }
    try {
      this.#shelf.setItem(KEPT, JSON.stringify(kept))
    } catch {
      // No room: the next start asks again.
      this.#shelf.removeItem(KEPT)
    }
  }

  async #colour(accent: string | null): Promise<void> {
    // A part of the app that does not come now comes with the next change, or start.
    const tokens = accent === null ? null : await this.#tokens(accent).catch(() => null)
    if (tokens === null) this.#shelf.removeItem(ACCENT)
    else this.#shelf.setItem(ACCENT, JSON.stringify(tokens))
    this.#drawn()
  }
}

const readKept = (shelf: Shelf): Kept | undefined => {
  try {
    const { tag, clinic } = JSON.parse(shelf.getItem(KEPT) ?? 'null') ?? {}
    const parsed = parseClinic(clinic)
    return typeof tag === 'string' && parsed !== undefined ? { tag, clinic: parsed } : undefined
  } catch {
    return undefined
  }
}
