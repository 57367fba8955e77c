/** Small things that the widget keeps beside the documents: who it is of, and what is being written. */
import { type DeviceId, parseDeviceId, parseUserId, type UserId } from '@wardline/core/base/ids'

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
    try {
      const texts: unknown = JSON.parse(this.#read('refused') ?? '[]')
      return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : []
    } catch {
      return []
    }
  }

  set refused(texts: readonly string[]) {
    this.#write('refused', JSON.stringify(texts))
  }

  forget(): void {
    for (const name of ['device', 'owner', 'draft', 'refused'])
      this.#storage.removeItem(this.#prefix + name)
  }

  #read(name: string): string | null {
    return this.#storage.getItem(this.#prefix + name)
  }

  #write(name: string, text: string): void {
    this.#storage.setItem(this.#prefix + name, text)
  }
}
