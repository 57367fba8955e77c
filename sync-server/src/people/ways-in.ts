/** What leads to an account, and goes with it. */
import type { UserId } from '@wardline/core/base/ids'
import { unlinkWrites } from '../directory/identity-record.ts'
import { codeKey, linkKey, readLink, readUserLink, userLinkPrefix } from '../links/link-record.ts'
import { passkeyKey, userPasskeyPrefix } from '../passkeys/passkey-record.ts'
import type { RecordWrite, Store } from '../storage/store.ts'

/**
 * What deletes the passkeys, open links and codes of somebody, and who they are elsewhere. Rejects
 * with `StoreError`.
 */
export const forgetWaysIn = async (
  store: Pick<Store, 'getRecord' | 'listRecords'>,
  user: UserId,
): Promise<readonly RecordWrite[]> => {
  const passkeys = await store.listRecords(userPasskeyPrefix(user))
  const links = await store.listRecords(userLinkPrefix(user))
  const ids = links.map(({ value }) => readUserLink(value))
  const found = await Promise.all(ids.map((id) => store.getRecord(linkKey(id))))
  const codes = found.flatMap((record) => {
    const code = record && readLink(record.value).code
    return code === undefined || code === null ? [] : [codeKey(code)]
  })
  const keys = [
    ...passkeys.map(({ key }) => key),
    ...passkeys.map(({ key }) => passkeyKey(key.slice(userPasskeyPrefix(user).length))),
    ...links.map(({ key }) => key),
    ...ids.map(linkKey),
    ...codes,
  ]
  return [...(await unlinkWrites(store, user)), ...keys.map((key) => ({ key, value: null }))]
}
