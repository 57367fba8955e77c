/**
 * `activate`: serves the pages that are open at once, so that the very first visit can already be
 * the last one with a network. Files of earlier builds are deleted by workbox here.
 */
import type { WorkerScope } from './worker-scope.ts'

export const takeOver = (scope: WorkerScope): void => {
  scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
}
