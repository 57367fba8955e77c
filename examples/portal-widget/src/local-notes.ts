/** Small things that the widget keeps beside the documents: who it is of, and what is being written. */
import {
  type DeviceId,
  type Month,
  parseDeviceId,
  parseMonth,
  parseUserId,
  type UserId,
} from '@wardline/core/base/ids'

/** Whose messages this browser holds. */
export interface Owner {
  readonly id: UserId
  readonly name: string
}

export class LocalNotes {
  readonly #prefix: string
  readonly #storage: Storage

  constructor(server: string, storage: Storage = localStorage) {
    this.#prefix = `wardline-chat ${server} `
    this.#storage = storage
  }

  /** The same in all tabs, and until {@link forget}. */
  get device(): DeviceId {
    const kept = parseDeviceId(this.#read('device') ?? '')
    if (kept !== undefined) return kept
    const bytes = crypto.getRandomValues(new Uint8Array(8))
    const made = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') as DeviceId
    this.#write('device', made)
    return made
  }

  get owner(): Owner | undefined {
    try {
      const { id, name } = JSON.parse(this.#read('owner') ?? '{}') as Record<string, unknown>
      const user = typeof id === 'string' ? parseUserId(id) : undefined
      return user && typeof name === 'string' ? { id: user, name } : undefined
    } catch {
      return undefined
    }
  }

  set owner(owner: Owner) {
    this.#write('owner', JSON.stringify(owner))
  }

  /** What stands in the text field. */
  get draft(): string {
    return this.#read('draft') ?? ''
  }

  set draft(text: string) {
    this.#write('draft', text)
  }

  /** Texts that the server did not accept, oldest first. */
  get refused(): readonly string[] {
    return this.#list('refused')
  }

  set refused(texts: readonly string[]) {
    this.#write('refused', JSON.stringify(texts))
  }

  /** Months in which something may have been written that the server has not got. */
  get unsent(): readonly Month[] {
    return this.#list('unsent').flatMap((text) => parseMonth(text) ?? [])
  }

  noteUnsent(month: Month): void {
    const { unsent } = this
    if (!unsent.includes(month)) this.#write('unsent', JSON.stringify([...unsent, month]))
  }

  noteSent(month: Month): void {
    const { unsent } = this
    if (!unsent.includes(month)) return
    this.#write('unsent', JSON.stringify(unsent.filter((one) => one !== month)))
  }

  forget(): void {
    for (const name of ['device', 'owner', 'draft', 'refused', 'unsent'])
      this.#storage.removeItem(this.#prefix + name)
  }

  #list(name: string): readonly string[] {
    try {
      const list: unknown = JSON.parse(this.#read(name) ?? '[]')
      return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []
    } catch {
      return []
    }
  }

  #read(name: string): string | null {
    return this.#storage.getItem(this.#prefix + name)
  }

  #write(name: string, text: string): void {
    this.#storage.setItem(this.#prefix + name, text)
  }
}
