/** Everything about messages over HTTP, put together: the callers' device on the server. */

import type { UserId } from '@wardline/core/base/ids'
import type { Directory, Membership } from '../directory/directory.ts'
import type { Preferences } from '../directory/preferences.ts'
import type { Store } from '../storage/store.ts'
import type { Documents } from '../sync/documents.ts'
import { openWorkerPool, type WorkerPool } from '../work/worker-pool.ts'
import { ApiDevice } from './api-device.ts'
import { Changing, type MessageFiles } from './changing.ts'
import { callersIn, type FindCaller } from './chat-callers.ts'
import { type ChatDigest, ChatDigests } from './chat-digests.ts'
import { FileUse } from './file-use.ts'
import { History } from './history.ts'
import { IdempotencyKeys } from './idempotency.ts'
import { OwnSettings } from './own-settings.ts'
import { PageFolds } from './page-folds.ts'
import { Reading } from './reading.ts'
import { Sending } from './sending.ts'
import { TakingBack } from './taking-back.ts'

export interface MessagesApiOptions {
  readonly store: Store
  /** Where large pages are folded; where the server has threads, if it is left out. */
  readonly workers?: WorkerPool
  readonly documents: Documents
  readonly directory: Directory
  readonly prefs: Preferences
  /** Undefined where there are none. */
  readonly files?: MessageFiles
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface MessagesApi {
  readonly findCaller: FindCaller
  readonly history: History
  readonly sending: Sending
  readonly changing: Changing
  readonly reading: Reading
  readonly takingBack: TakingBack
  readonly keys: IdempotencyKeys
  readonly settings: OwnSettings
  readonly fileUse: FileUse
  /** In the order of the chats. Rejects with `StoreError`. */
  digests(
    who: UserId,
    chats: readonly Pick<Membership, 'chat' | 'index'>[],
  ): Promise<readonly ChatDigest[]>
}

export const openMessagesApi = (options: MessagesApiOptions): MessagesApi => {
  const { store, documents, directory, prefs, files, now, workers = openWorkerPool() } = options
  const folds = new PageFolds(store, workers)
  const digests = new ChatDigests(store, folds)
  const device = new ApiDevice({ documents, directory, folds, now })
  const settings = new OwnSettings({ store, documents, prefs, now })
  const keys = new IdempotencyKeys(store, now)
  return {
    findCaller: callersIn(directory),
    history: new History(folds, device, now),
    sending: new Sending({ folds, device, keys, now }),
    changing: new Changing({ folds, device, files, now }),
    reading: new Reading({ folds, device, settings, now }),
    takingBack: new TakingBack({ directory, folds, device, now }),
    keys,
    settings,
    fileUse: new FileUse({ store, directory, folds }),
    digests: (who, chats) => digests.of(who, chats),
  }
}
