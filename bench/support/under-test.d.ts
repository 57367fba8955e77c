/** The PWA's local store; the bench's build puts it in. */
declare module 'local-store-under-test' {
  import type { LocalStore } from '@wardline/core/client/store/local-store'

  export const IdbLocalStore: new (options: { name: string }) => LocalStore
}

/** The PWA's timers. */
declare module 'timers-under-test' {
  import type { Timers } from '@wardline/core/client/model/ports'

  export const browserTimers: Timers
}
