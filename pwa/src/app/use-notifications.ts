import type { ChatId } from '@wardline/core/base/ids'
import { useEffect } from 'react'
import { closeNotification } from '../service-worker/notification.ts'
import { listenToWorker } from '../service-worker/worker-message.ts'
import { isAttentive } from '../sync/wake.ts'

/** Goes to the chat of a notification that was tapped, and takes those away that are seen. */
export const useNotifications = (route: ChatId | null, setRoute: (chat: ChatId) => void): void => {
  useEffect(
    () =>
      listenToWorker((message) => {
        if (message.type === 'OPEN_CHAT') setRoute(message.chat)
      }),
    [setRoute],
  )
  useEffect(() => {
    if (route === null) return
    const look = () => {
      if (isAttentive()) void dismiss(route).catch(() => {})
    }
    look()
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [route])
}

const dismiss = async (chat: ChatId): Promise<void> => {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.getRegistration()
  if (registration !== undefined) await closeNotification(registration, chat)
}
