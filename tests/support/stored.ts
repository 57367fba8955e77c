/** What a store holds, to see that a request left nothing behind. */
import type { Store } from '@wardline/sync-server/storage/store'

/** What the audit trail keeps for itself: lines that say that something was asked are no traces. */
const OF_THE_TRAIL = 'opened/'

/** Records by key and version, documents by name and head. */
export const storedIn = async (
  store: Pick<Store, 'listRecords' | 'changedSince'>,
): Promise<readonly string[]> => {
  const records = await store.listRecords('')
  const scopes = records.map(({ key }) => key).filter((key) => /^(chat|user)\//.test(key))
  const docs = await store.changedSince(scopes, 0)
  return [
    ...records
      .filter(({ key }) => !key.startsWith(OF_THE_TRAIL))
      .map(({ key, version }) => `${key} ${version}`),
    ...docs.map(({ doc, head }) => `${doc} ${head}`),
  ].sort()
}
