import type { PrecacheEntry } from 'workbox-precaching'

/** The global object of the worker, with the list of build files that the build puts in. */
export type WorkerScope = ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: (PrecacheEntry | string)[]
}
