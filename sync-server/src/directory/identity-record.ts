/**
 * Who somebody is elsewhere: an issuer and what it calls them lead to the account here. A second
 * record for each account says which of them there are, for those who look after accounts.
 */
import { createHash } from 'node:crypto'
import type { UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import type { RecordWrite, Store } from '../storage/store.ts'
import { userIdSchema } from './user.ts'

export interface OutsideIdentity {
  readonly issuer: string
  /** Names the person there, for good. */
  readonly subject: string
}

const hashOf = ({ issuer, subject }: OutsideIdentity): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex')

export const identityKey = (identity: OutsideIdentity): string => `identity/${hashOf(identity)}`

const ofUserPrefix = (user: UserId): string => `user-identity/${user}/`

const schema = z.object({ user: userIdSchema })
const ofUserSchema = z.object({ issuer: z.string(), subject: z.string() })

/** Whose identity it is here. Throws on a record that this server did not write. */
export const readIdentity = (value: unknown): UserId => schema.parse(value).user

/** What links an identity that is nobody's yet. */
export const linkWrites = (user: UserId, identity: OutsideIdentity): readonly RecordWrite[] => {
  const { issuer, subject } = identity
  return [
    { key: identityKey(identity), value: { user }, expect: 0 },
    { key: ofUserPrefix(user) + hashOf(identity), value: { issuer, subject } },
  ]
}

/** The identities of an account. Rejects with `StoreError`. */
export const identitiesOf = async (
  store: Pick<Store, 'listRecords'>,
  user: UserId,
): Promise<readonly OutsideIdentity[]> => {
  const records = await store.listRecords(ofUserPrefix(user))
  return records.map(({ value }) => ofUserSchema.parse(value))
}

/** What makes an account nobody's elsewhere, for its end. Rejects with `StoreError`. */
export const unlinkWrites = async (
  store: Pick<Store, 'listRecords'>,
  user: UserId,
): Promise<readonly RecordWrite[]> => {
  const identities = await identitiesOf(store, user)
  return identities.flatMap((identity) =>
    linkWrites(user, identity).map(({ key }) => ({ key, value: null })),
  )
}
