/** Notifications of new messages on this device, while the app is closed. */
import { Serial } from '@wardline/core/base/serial'
import type { PushBrowser } from '../service-worker/push-browser.ts'
import type { PushApi } from '../sync/push-api.ts'
import { liveValue } from './live-value.ts'

/** blocked: the person, or who manages the browser, has forbidden them to this site. */
export type NotificationState = 'on' | 'off' | 'blocked' | 'install-first' | 'unsupported'

export type SwitchResult = { ok: true } | { ok: false; message: string }

export interface NotificationsOptions {
  browser: PushBrowser
  api: PushApi
  /** What the person chose; a browser forgets permissions and subscriptions by itself. */
  choice: { get: () => boolean; set: (on: boolean) => void }
}

const failed: SwitchResult = {
  ok: false,
  message: 'Notifications could not be switched on. Check the connection and try again.',
}

export class Notifications {
  readonly state = liveValue<NotificationState>('off')
  readonly #browser: PushBrowser
  readonly #api: PushApi
  readonly #choice: NotificationsOptions['choice']
  /** One change at a time: a browser has one subscription. */
  readonly #turns = new Serial<'turn'>()

  constructor({ browser, api, choice }: NotificationsOptions) {
    this.#browser = browser
    this.#api = api
    this.#choice = choice
    this.#look()
  }

  /**
   * Makes sure that browser and server have one and the same subscription, if the person wants
   * notifications and the browser still allows them. For every start. Never rejects.
   */
  async renew(): Promise<void> {
    this.#look()
    if (this.state.get() !== 'on') return
    // Without a network the next start does it.
    await this.#turns.run('turn', () => this.#subscribe()).catch(() => {})
  }

  /** In answer to a tap. Never rejects. */
  async set(on: boolean): Promise<SwitchResult> {
    if (this.#browser.ability !== 'able') return failed
    if (on) return this.#switchOn()
    this.#choice.set(false)
    this.#look()
    await this.#turns.run('turn', () => this.#unsubscribe())
    return { ok: true }
  }

  /** The person signs out: nothing of theirs is announced here any more. Never rejects. */
  async end(): Promise<void> {
    this.#choice.set(false)
    this.#look()
    if (this.#browser.ability !== 'able') return
    await this.#turns
      .run('turn', async () => {
        await (await this.#browser.subscription())?.end()
      })
      .catch(() => {})
  }

  async #switchOn(): Promise<SwitchResult> {
    try {
      const permission = await this.#browser.askPermission()
      if (permission === 'granted')
        return await this.#turns.run('turn', async () => {
          if (!(await this.#subscribe())) return failed
          this.#choice.set(true)
          return { ok: true }
        })
      return permission === 'denied'
        ? { ok: false, message: 'This browser blocks notifications from Wardline.' }
        : { ok: true } // The person closed the question, and may be asked again.
    } catch {
      return failed
    } finally {
      this.#look()
    }
  }

  async #subscribe(): Promise<boolean> {
    const [key, known] = await Promise.all([this.#api.key(), this.#browser.subscription()])
    if (key === undefined) return false
    // Made for a server with other keys, it can receive nothing of this one.
    const isStale = known !== undefined && known.key !== null && known.key !== key
    if (isStale) await known.end()
    const current = known === undefined || isStale ? await this.#browser.subscribe(key) : known
    return this.#api.subscribe(current.json)
  }

  async #unsubscribe(): Promise<void> {
    const ended = this.#browser.subscription().then((known) => known?.end())
    // Either is enough: what the server still sends, the browser takes no more.
    await Promise.allSettled([ended, this.#api.unsubscribe()])
  }

  #look(): void {
    const { ability } = this.#browser
    const next = ability === 'able' ? this.#wanted() : ability
    if (next !== this.state.get()) this.state.set(next)
  }

  #wanted(): NotificationState {
    switch (this.#browser.permission()) {
      case 'granted':
        return this.#choice.get() ? 'on' : 'off'
      case 'denied':
        return 'blocked'
      case 'default':
        return 'off'
    }
  }
}

const CHOICE = 'wardline-notifications'

/** Beside the database: whether to notify is of this browser, and goes with signing out. */
export const keptChoice: NotificationsOptions['choice'] = {
  get: () => localStorage.getItem(CHOICE) !== null,
  set: (on) => (on ? localStorage.setItem(CHOICE, '') : localStorage.removeItem(CHOICE)),
}
