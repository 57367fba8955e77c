/**
 * `pushsubscriptionchange`: the browser has ended a subscription, and perhaps made another. Only a
 * page can tell the server, because only a page has the person's session; it does so at each start.
 */
import type { WorkerMessage } from './worker-message.ts'
import type { WorkerScope } from './worker-scope.ts'

export const followSubscription = (scope: WorkerScope): void => {
  scope.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(tell(scope.clients)))
}

export const tell = async (clients: Pick<Clients, 'matchAll'>): Promise<void> => {
  const message: WorkerMessage = { type: 'PUSH_CHANGED' }
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const window of windows) window.postMessage(message)
}
