/** The browser's side of notifications, as a page sees it. */
import { isAppleMobile, isInstalled } from '../base/platform.ts'

/** A subscription of this browser. */
export interface BrowserSubscription {
  /** The server's key that it was made with, base64url; null when the browser does not say. */
  readonly key: string | null
  /** For the server. */
  readonly json: unknown
  /** The browser takes nothing for it any more. Rejects when it cannot. */
  end: () => Promise<unknown>
}

export interface PushBrowser {
  /** install-first: only as an app on the home screen. */
  readonly ability: 'able' | 'install-first' | 'unsupported'
  permission: () => NotificationPermission
  /** Only in answer to a tap: browsers want one, and so do people. */
  askPermission: () => Promise<NotificationPermission>
  subscription: () => Promise<BrowserSubscription | undefined>
  /** Rejects without a network, or when the browser will not. */
  subscribe: (key: string) => Promise<BrowserSubscription>
}

const registered = async (): Promise<ServiceWorkerRegistration | undefined> =>
  navigator.serviceWorker.getRegistration()

export const pushBrowser = (): PushBrowser => ({
  ability: abilityHere(),
  permission: () => Notification.permission,
  askPermission: () => Notification.requestPermission(),
  subscription: async () => {
    const found = await (await registered())?.pushManager.getSubscription()
    return found ? readSubscription(found) : undefined
  },
  subscribe: async (key) => {
    const registration = await registered()
    if (registration === undefined) throw new Error('There is no service worker.')
    const options = { userVisibleOnly: true, applicationServerKey: key }
    return readSubscription(await registration.pushManager.subscribe(options))
  },
})

const abilityHere = (): PushBrowser['ability'] => {
  const can = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
  if (can) return 'able'
  return isAppleMobile() && !isInstalled() ? 'install-first' : 'unsupported'
}

const readSubscription = (subscription: PushSubscription): BrowserSubscription => {
  const { applicationServerKey: key } = subscription.options
  return {
    key: key === null ? null : base64url(new Uint8Array(key)),
    json: subscription.toJSON(),
    end: () => subscription.unsubscribe(),
  }
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
