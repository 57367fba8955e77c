/** Modules of the app, which is compiled by itself; Vite is told where they are. */
declare module 'local-store-under-test' {
  import type { LocalStore } from '@wardline/core/client/store/local-store'

  export const IdbLocalStore: new (options: { name: string }) => LocalStore
}
