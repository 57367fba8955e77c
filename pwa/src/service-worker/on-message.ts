/** `message`: a page asks the waiting worker to take over, because the person agreed to. */
import type { WorkerScope } from './worker-scope.ts'

export const obeyPage = (scope: WorkerScope): void => {
  scope.addEventListener('message', (event) => {
    const { type } = (event.data ?? {}) as { type?: unknown }
    if (type === 'SKIP_WAITING') event.waitUntil(scope.skipWaiting())
  })
}
