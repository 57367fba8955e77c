/** Web Push, put together: keys, subscriptions, and the ear at what becomes durable. */
import type { UserId } from '@wardline/core/base/ids'
import { systemTimers } from '../base/timers.ts'
import type { Config } from '../config/config.ts'
import type { Logger } from '../config/logger.ts'
import type { Preferences } from '../directory/preferences.ts'
import type { Store } from '../storage/store.ts'
import type { SyncServer } from '../sync/sync-server.ts'
import { Notifier } from './notifier.ts'
import { createPushSender } from './push-sender.ts'
import { Subscriptions } from './subscriptions.ts'
import { loadVapidKeys } from './vapid-keys.ts'

export interface PushServiceOptions {
  readonly config: Config
  readonly store: Store
  readonly sync: Pick<SyncServer, 'directory' | 'documents' | 'connections'>
  readonly prefs: Preferences
  readonly log: Logger
  /** Whether a session has not ended. */
  readonly isLive: (session: string) => Promise<boolean>
}

export interface PushService {
  /** What browsers subscribe to, base64url. */
  readonly publicKey: string
  readonly subscriptions: Subscriptions
  /** Nothing is sent any more to what a session had subscribed. */
  sessionEnded(user: UserId, session: string): void
  /** Notifications on their way, or waiting to be tried again. */
  waiting(): number
  /** Housekeeping. Rejects with `StoreError`. */
  clean(): Promise<number>
  /** Breaks off what is on its way. */
  stop(): Promise<void>
}

/** Rejects when there are no usable keys, and none can be made. */
export const startPush = async ({
  config,
  store,
  sync,
  prefs,
  log,
  isLive,
}: PushServiceOptions): Promise<PushService> => {
  const keys = config.vapidKeys ?? (await loadVapidKeys(config.dataDir))
  const breakOff = new AbortController()
  const subscriptions = new Subscriptions({ store, isLive, now: systemTimers.now })
  const notifier = new Notifier({
    directory: sync.directory,
    subscriptions,
    prefs,
    send: createPushSender({
      keys,
      subject: config.vapidSubject ?? contactOf(config.clientUrl),
      production: config.production,
      signal: breakOff.signal,
    }),
    connectionsOf: ({ user, session, device }) => sync.connections.ofDevice(user, session, device),
    timers: systemTimers,
    log,
  })
  const stopListening = sync.documents.listen({
    moved(moves) {
      for (const { message } of moves)
        if (message !== undefined) notifier.noteMessage(message.chat, message.author)
    },
    lost() {},
  })
  return {
    publicKey: keys.publicKey,
    subscriptions,
    sessionEnded(user, session) {
      subscriptions.remove(user, session).catch((error: unknown) => {
        // Housekeeping removes it later; until then nothing is sent to it.
        log('warn', 'push.not-removed', { user, message: String(error) })
      })
    },
    waiting: () => notifier.waiting,
    clean: () => subscriptions.clean(),
    async stop() {
      stopListening()
      breakOff.abort()
      await notifier.stop()
    },
  }
}

/** A push service that has something to say about this server looks here first. */
const contactOf = (clientUrl: string | undefined): string =>
  clientUrl?.startsWith('https:') === true ? clientUrl : 'mailto:operator@wardline.invalid'
