import type { DeviceId, UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { Lru } from '../base/lru.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import {
  endpointKey,
  type PushTarget,
  readEndpointOwner,
  readSubscription,
  SUBSCRIPTION_PREFIX,
  type Subscription,
  subscriptionKey,
  subscriptionPrefix,
  writeSubscription,
} from './subscription.ts'

/** Subscriptions of one user; the one renewed longest ago makes room for the next. */
export const MAX_SUBSCRIPTIONS = 10
/** Users whose subscriptions are kept in memory, so that a message costs no look into the store. */
const CACHED_USERS = 20_000

export interface SubscriptionsOptions {
  readonly store: Store
  /** Whether a session has not ended. */
  readonly isLive: (session: string) => Promise<boolean>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who is to be notified where. Methods reject with `StoreError`. */
export class Subscriptions {
  readonly #store: Store
  readonly #isLive: (session: string) => Promise<boolean>
  readonly #now: () => number
  #cache = new Lru<UserId, readonly Subscription[]>(CACHED_USERS)
  /** Writes are seldom, and each depends on what is there. */
  readonly #writes = new Serial<'write'>()
  /** Grows with every change: what was read before is not to be kept. */
  #age = 0

  constructor({ store, isLive, now }: SubscriptionsOptions) {
    this.#store = store
    this.#isLive = isLive
    this.#now = now
    store.onReset(() => this.#forget())
  }

  /** As {@link of}, if they were read lately; undefined otherwise. */
  known(user: UserId): readonly Subscription[] | undefined {
    return this.#cache.get(user)
  }

  /** Those of a user, in no particular order. */
  async of(user: UserId): Promise<readonly Subscription[]> {
    const cached = this.#cache.get(user)
    if (cached !== undefined) return cached
    const age = this.#age
    const found = await this.#read(user)
    if (age === this.#age) this.#cache.set(user, found)
    return found
  }

  /** Whether the session of a subscription has not ended; one that has is removed. */
  async isLive({ user, session }: Subscription): Promise<boolean> {
    if (await this.#isLive(session)) return true
    await this.remove(user, session)
    return false
  }

  /**
   * The one subscription of a session from now on. Whoever had this endpoint before has it no
   * more. False when the session has ended.
   */
  async put(
    { user, session, device }: { user: UserId; session: string; device?: DeviceId },
    { endpoint, keys }: PushTarget,
  ): Promise<boolean> {
    const subscription: Subscription = {
      user,
      session,
      ...(device && { device }),
      endpoint,
      keys,
      at: this.#now(),
    }
    await this.#writes.run('write', () => this.#put(subscription))
    // The token that asks may outlive its session. Who ended it removed what was there by then.
    return this.isLive(subscription)
  }

  remove(user: UserId, session: string): Promise<void> {
    return this.#writes.run('write', async () => {
      const found = (await this.#read(user)).find((each) => each.session === session)
      if (found !== undefined) await this.#commit(removal(found))
    })
  }

  /** Does nothing when the session has subscribed to another address meanwhile. */
  removeIfSame(gone: Subscription): Promise<void> {
    return this.#writes.run('write', async () => {
      const found = (await this.#read(gone.user)).find((each) => each.session === gone.session)
      if (found?.endpoint === gone.endpoint) await this.#commit(removal(found))
    })
  }

  /** Housekeeping: removes those of sessions that are over. Returns how many. */
  async clean(): Promise<number> {
    let removed = 0
    for (const { value } of await this.#store.listRecords(SUBSCRIPTION_PREFIX))
      if (!(await this.isLive(readSubscription(value)))) removed++
    return removed
  }

  async #put(subscription: Subscription): Promise<void> {
    const { user, session, endpoint } = subscription
    const key = endpointKey(endpoint)
    const claimed = await this.#store.getRecord(key)
    const owner = claimed && readEndpointOwner(claimed.value)
    const own = await this.#read(user)
    const replaced = own.find((each) => each.session === session)
    const others = own.filter((each) => each !== replaced && each.endpoint !== endpoint)
    const oldest = others.sort((a, b) => b.at - a.at).slice(MAX_SUBSCRIPTIONS - 1)
    const writes = new Map<string, RecordWrite['value']>()
    for (const each of replaced === undefined ? oldest : [...oldest, replaced])
      for (const { key, value } of removal(each)) writes.set(key, value)
    if (owner !== undefined) writes.set(subscriptionKey(owner.user, owner.session), null)
    writes.set(key, { user, session })
    writes.set(subscriptionKey(user, session), writeSubscription(subscription))
    await this.#commit([...writes].map(([key, value]) => ({ key, value })))
  }

  async #read(user: UserId): Promise<Subscription[]> {
    const records = await this.#store.listRecords(subscriptionPrefix(user))
    return records.map(({ value }) => readSubscription(value))
  }

  async #commit(records: readonly RecordWrite[]): Promise<void> {
    try {
      await this.#store.commit({ records })
    } finally {
      this.#forget()
    }
  }

  #forget(): void {
    this.#age++
    this.#cache = new Lru(CACHED_USERS)
  }
}

const removal = ({ user, session, endpoint }: Subscription): RecordWrite[] => [
  { key: subscriptionKey(user, session), value: null },
  { key: endpointKey(endpoint), value: null },
]
