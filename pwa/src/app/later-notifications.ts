/** Notifications, which the first screen does without: they come when they are asked for. */
import { liveValue } from './live-value.ts'
import type { NotificationState, Notifications, SwitchResult } from './notifications.ts'

const away: SwitchResult = {
  ok: false,
  message: 'Notifications could not be switched on. Check the connection and try again.',
}

/** As {@link Notifications}; what does not come does nothing, and is asked for again. */
export class LaterNotifications {
  readonly state = liveValue<NotificationState>('off')
  readonly #load: () => Promise<Notifications>
  #loading: Promise<Notifications | undefined> | undefined

  constructor(load: () => Promise<Notifications>) {
    this.#load = load
  }

  async renew(): Promise<void> {
    await (await this.#loaded())?.renew()
  }

  async set(on: boolean): Promise<SwitchResult> {
    return (await (await this.#loaded())?.set(on)) ?? away
  }

  async end(): Promise<void> {
    await (await this.#loaded())?.end()
  }

  #loaded(): Promise<Notifications | undefined> {
    this.#loading ??= this.#load().then(
      (notifications) => {
        const look = (): void => this.state.set(notifications.state.get())
        notifications.state.subscribe(look)
        look()
        return notifications
      },
      () => {
        this.#loading = undefined
        return undefined
      },
    )
    return this.#loading
  }
}
