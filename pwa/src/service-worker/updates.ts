/** Registers the service worker, tells of a new version, and changes over to it. */
import { Age } from '@wardline/core/time/age'
import { Workbox } from 'workbox-window'
import { browserTimers } from '../base/browser-timers.ts'
import type { AppUpdates, ServiceWorkerEvents } from './register.ts'
import { trustedWorkerUrl } from './trusted-url.ts'

/** How often, in ms, it is asked for a new version at most. */
const checkInterval = 60 * 60 * 1000

/**
 * For browsers with service workers. Never throws.
 *
 * @param first the worker that the page came from; null for none
 */
export const watchUpdates = (
  { updateReady, offlineReady = () => {} }: ServiceWorkerEvents,
  first: ServiceWorker | null,
): AppUpdates => {
  const workbox = new Workbox(trustedWorkerUrl())
  let checked = new Age(browserTimers)
  workbox.addEventListener('waiting', updateReady)
  workbox.addEventListener('activated', ({ isUpdate }) => {
    if (isUpdate !== true) offlineReady()
  })
  // Also in the tabs that did not ask: two versions of the app at one database are one too many.
  const { controller } = navigator.serviceWorker
  let controlled = controller !== null
  if (first !== null && controller !== first) location.reload()
  workbox.addEventListener('controlling', () => {
    if (controlled) location.reload()
    controlled = true
  })
  // Without it everything works but a start without a network; the next load tries again.
  workbox.register().catch(() => {})
  return {
    applyUpdate: () => workbox.messageSkipWaiting(),
    check: () => {
      if (checked.ms < checkInterval) return
      checked = new Age(browserTimers)
      workbox.update().catch(() => {})
    },
  }
}
