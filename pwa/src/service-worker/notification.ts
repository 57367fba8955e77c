/** Notifications of this app: one for each chat, which say nothing of what was written. */
import { type ChatId, parseChatId } from '@wardline/core/base/ids'

const TITLE = 'New message'
/** Also of the notification for a message whose chat cannot be told. */
const TAG = 'wardline'

const tagOf = (chat: ChatId | undefined): string => (chat === undefined ? TAG : `${TAG}/${chat}`)

/** The chat of a notification or a push message. */
export const chatIn = (value: unknown): ChatId | undefined => {
  const { chat } = (value ?? {}) as { chat?: unknown }
  return typeof chat === 'string' ? parseChatId(chat) : undefined
}

type Host = Pick<ServiceWorkerRegistration, 'showNotification' | 'getNotifications'>

/** Takes the place of the one of the same chat, and makes itself heard again. */
export const showNotification = async (host: Host, chat: ChatId | undefined): Promise<void> => {
  const options: NotificationOptions & { renotify: boolean } = {
    tag: tagOf(chat),
    renotify: true,
    icon: '/icons/icon-192.png',
    data: { chat },
  }
  await host.showNotification(TITLE, options)
}

export const closeNotification = async (host: Host, chat: ChatId | undefined): Promise<void> => {
  for (const notification of await host.getNotifications({ tag: tagOf(chat) })) notification.close()
}

/** The person signs out: nothing that was announced to them stays on this device. */
export const closeAllNotifications = async (host: Host): Promise<void> => {
  for (const notification of await host.getNotifications()) notification.close()
  await countNotifications(host)
}

/** Shows on the app's icon in how many chats there is something new. */
export const countNotifications = async (host: Host): Promise<void> => {
  const { setAppBadge } = navigator as { setAppBadge?: (count: number) => Promise<void> }
  if (setAppBadge === undefined) return
  const { length } = await host.getNotifications()
  await setAppBadge.call(navigator, length)
}
