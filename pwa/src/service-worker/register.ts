/** The service worker: it is registered, and tells of new versions, once the app has started. */
import { whenIdle } from '../base/when-idle.ts'

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
export const registerServiceWorker = (events: ServiceWorkerEvents): AppUpdates => {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return none
  const { controller } = navigator.serviceWorker
  let updates = none
  // After what is on screen first. Without it everything works but a start without a network, and
  // word of a new version; the next load tries again.
  whenIdle(() => {
    import('./updates.ts').then(
      ({ watchUpdates }) => {
        updates = watchUpdates(events, controller)
      },
      () => {},
    )
  })
  return { applyUpdate: () => updates.applyUpdate(), check: () => updates.check() }
}
