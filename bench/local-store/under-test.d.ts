/** The PWA's local store; the bench's build puts it in. */
declare module 'local-store-under-test' {
  import type { LocalStore } from '@wardline/core/client/local-store'

  export const IdbLocalStore: new (options: { name: string }) => LocalStore
}
