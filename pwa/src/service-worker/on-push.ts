/** `push`: the server says that there is something new in a chat; what it is, it does not say. */
import type { ChatId } from '@wardline/core/base/ids'
import { chatIn, closeNotification, countNotifications, showNotification } from './notification.ts'
import type { WorkerScope } from './worker-scope.ts'

export const showPushes = (scope: WorkerScope): void => {
  scope.addEventListener('push', (event) =>
    event.waitUntil(announce(scope, chatIn(readJson(event.data)), mustShow(navigator.userAgent))),
  )
}

/**
 * Every push is shown, or browsers do it themselves, in words of their own. While the person has
 * the app before them the message is on the screen: nothing more is shown then, except where even
 * that ends the subscription. There the notification is gone as soon as it has come.
 *
 * @param always whether the browser counts pushes that show nothing, wherever the person is
 */
export const announce = async (
  { clients, registration }: Pick<WorkerScope, 'clients' | 'registration'>,
  chat: ChatId | undefined,
  always: boolean,
): Promise<void> => {
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const inView = windows.some(
    ({ focused, visibilityState }) => focused && visibilityState === 'visible',
  )
  if (inView && !always) return
  await showNotification(registration, chat)
  if (inView) await closeNotification(registration, chat)
  else await countNotifications(registration).catch(() => {})
}

/** Safari takes the subscription away from apps that get pushes and show nothing. */
export const mustShow = (userAgent: string): boolean =>
  /AppleWebKit/.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)

const readJson = (data: PushMessageData | null): unknown => {
  try {
    return data?.json()
  } catch {
    return undefined
  }
}
