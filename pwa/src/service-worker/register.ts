/** Registers the service worker, tells of a new version, and changes over to it. */
import { Age } from '@wardline/core/time/age'
import { Workbox } from 'workbox-window'
import { browserTimers } from '../base/browser-timers.ts'
import { trustedWorkerUrl } from './trusted-url.ts'

/** How often, in ms, it is asked for a new version at most. */
const checkInterval = 60 * 60 * 1000

export interface ServiceWorkerEvents {
  /** A new version lies ready; it runs after {@link AppUpdates.applyUpdate}, or a restart. */
  updateReady(): void
  /** The app now starts without a network. */
  offlineReady?(): void
}

export interface AppUpdates {
  /** Changes over to the new version: all tabs of this browser load again. */
  applyUpdate(): void
  /** Looks for a new version, unless that was done lately: browsers do so only on a page load. */
  check(): void
}

const none: AppUpdates = { applyUpdate: () => {}, check: () => {} }

/** Does nothing where there are no service workers, and in development. Never throws. */
export const registerServiceWorker = ({
  updateReady,
  offlineReady = () => {},
}: ServiceWorkerEvents): AppUpdates => {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return none
  const workbox = new Workbox(trustedWorkerUrl())
  let checked = new Age(browserTimers)
  workbox.addEventListener('waiting', updateReady)
  workbox.addEventListener('activated', ({ isUpdate }) => {
    if (isUpdate !== true) offlineReady()
  })
  // Also in the tabs that did not ask: their version's files are gone from now on.
  workbox.addEventListener('controlling', ({ isUpdate }) => {
    if (isUpdate === true) location.reload()
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
