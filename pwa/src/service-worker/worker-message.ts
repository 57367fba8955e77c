/**
 * What the service worker and the pages tell each other; they may be of another version. Every kind
 * there is has its reader, or this does not compile.
 */
import { type ChatId, parseChatId } from '@wardline/core/base/ids'

export type WorkerMessage =
  /** The person tapped a notification. */
  | { type: 'OPEN_CHAT'; chat: ChatId }
  /** The browser has another subscription than the server knows. */
  | { type: 'PUSH_CHANGED' }

/** From a page. */
export type PageMessage =
  /** To the worker that waits: the person agreed to the new version. */
  { type: 'SKIP_WAITING' }

type Fields = Readonly<Record<string, unknown>>
type Readers<M extends { type: string }> = {
  readonly [K in M['type']]: (fields: Fields) => Extract<M, { type: K }> | undefined
}

/** Undefined for what this version does not know. */
const readWith =
  <M extends { type: string }>(readers: Readers<M>) =>
  (value: unknown): M | undefined => {
    const fields = (value ?? {}) as Fields
    const { type } = fields
    if (typeof type !== 'string' || !Object.hasOwn(readers, type)) return undefined
    return readers[type as M['type']](fields)
  }

export const readWorkerMessage = readWith<WorkerMessage>({
  OPEN_CHAT: ({ chat }) => {
    const id = typeof chat === 'string' ? parseChatId(chat) : undefined
    return id && { type: 'OPEN_CHAT', chat: id }
  },
  PUSH_CHANGED: () => ({ type: 'PUSH_CHANGED' }),
})

export const readPageMessage = readWith<PageMessage>({
  SKIP_WAITING: () => ({ type: 'SKIP_WAITING' }),
})

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
