/** What the service worker tells the pages; they may be of another version. */
import { type ChatId, parseChatId } from '@wardline/core/ids/ids'

export type WorkerMessage =
  /** The person tapped a notification. */
  | { type: 'OPEN_CHAT'; chat: ChatId }
  /** The browser has another subscription than the server knows. */
  | { type: 'PUSH_CHANGED' }

/** Undefined for what this version does not know. */
export const readWorkerMessage = (value: unknown): WorkerMessage | undefined => {
  const { type, chat } = (value ?? {}) as { type?: unknown; chat?: unknown }
  if (type === 'PUSH_CHANGED') return { type }
  if (type !== 'OPEN_CHAT' || typeof chat !== 'string') return undefined
  const id = parseChatId(chat)
  return id && { type, chat: id }
}

/** Returns how to stop listening. */
export const listenToWorker = (listener: (message: WorkerMessage) => void): (() => void) => {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  if (serviceWorker === undefined) return () => {}
  const onMessage = (event: MessageEvent) => {
    const message = readWorkerMessage(event.data)
    if (message !== undefined) listener(message)
  }
  serviceWorker.addEventListener('message', onMessage)
  return () => serviceWorker.removeEventListener('message', onMessage)
}
