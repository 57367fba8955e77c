/** `notificationclick`: opens the chat, in the window that is there or in a new one. */
import type { ChatId } from '@wardline/core/base/ids'
import { chatHash } from '../base/route.ts'
import { chatIn } from './notification.ts'
import type { WorkerMessage } from './worker-message.ts'
import type { WorkerScope } from './worker-scope.ts'

export const openClicked = (scope: WorkerScope): void => {
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close()
    event.waitUntil(openChat(scope.clients, chatIn(event.notification.data)))
  })
}

/** Without a chat, wherever the app was left. */
export const openChat = async (
  clients: Pick<Clients, 'matchAll' | 'openWindow'>,
  chat: ChatId | undefined,
): Promise<void> => {
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  // The one used last comes first; one that can be seen is better still.
  const best = windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0]
  if (best === undefined) {
    await clients.openWindow(chat === undefined ? '/' : `/${chatHash(chat)}`)
    return
  }
  const message: WorkerMessage | undefined = chat && { type: 'OPEN_CHAT', chat }
  if (message !== undefined) best.postMessage(message)
  await best.focus()
}
