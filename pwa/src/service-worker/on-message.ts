/** `message`: a page asks the waiting worker to take over, because the person agreed to. */
import { readPageMessage } from './worker-message.ts'
import type { WorkerScope } from './worker-scope.ts'

export const obeyPage = (scope: WorkerScope): void => {
  scope.addEventListener('message', (event) => {
    if (readPageMessage(event.data)?.type === 'SKIP_WAITING') event.waitUntil(scope.skipWaiting())
  })
}
