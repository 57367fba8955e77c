/**
 * The API tokens of the clinic's programs. Few, and all in memory: an access token that was made with
 * one that is not there is no good, whatever became of it.
 */
import type { ChatId, UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { contend } from '@wardline/core/time/contend'
import { label } from '../directory/new-user.ts'
import type { User } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import {
  API_TOKEN_PREFIX,
  type ApiToken,
  type ApiTokenRecord,
  apiTokenKey,
  apiTokenOfSession,
  hashOfSecret,
  isSecretOf,
  newApiTokenSecret,
  readApiToken,
  readApiTokenText,
  sessionOfApiToken,
  withoutHash,
  writeApiToken,
  writeApiTokenText,
} from './api-token.ts'
import type { LiveSessions } from './live-sessions.ts'
import type { Prepared } from './session-changes.ts'
import type { EndedBy } from './session-end.ts'

/** Of one program. */
export const MAX_API_TOKENS = 20
/** Of all programs together. */
export const MAX_ALL_API_TOKENS = 1_000
/** Chats that one token names. */
export const MAX_TOKEN_CHATS = 100
/** How often at most it is noted that a token was used, ms. */
const SEEN_EVERY = 3_600_000

export interface NewApiToken {
  /** A program's account. */
  readonly user: UserId
  readonly name: string
  readonly chats: 'all' | readonly ChatId[]
}

export interface MadeApiToken {
  readonly token: ApiToken
  /** What the program signs in with. */
  readonly text: string
}

export interface ApiTokensOptions {
  readonly store: Store
  readonly getUser: (id: UserId) => Promise<User | undefined>
  readonly now: () => number
  readonly live: Pick<LiveSessions, 'admit' | 'dismiss'>
  /** Called once a token has durably ended, with what stands for a session in its access tokens. */
  readonly onEnd: (session: string, user: UserId) => void
}

/** Methods reject with `StoreError`. */
export class ApiTokens {
  readonly #options: ApiTokensOptions
  /** Which chats the access tokens of each may see. */
  readonly #scopes = new Map<string, ReadonlySet<ChatId> | 'all'>()
  readonly #making = new Serial<'make'>()
  /** Those that end while all are read anew. */
  #endedMeanwhile: Set<string> | undefined

  constructor(options: ApiTokensOptions) {
    this.#options = options
  }

  /** Learns which there are; until then none is good. To be called again after a loss. */
  async open(): Promise<void> {
    const ended = new Set<string>()
    this.#endedMeanwhile = ended
    const usable: ApiTokenRecord[] = []
    for (const record of await this.#records()) {
      const user = await this.#options.getUser(record.user)
      if (user?.status === 'active') usable.push(record)
    }
    this.#endedMeanwhile = undefined
    for (const id of this.#scopes.keys()) this.#options.live.dismiss(sessionOfApiToken(id))
    this.#scopes.clear()
    for (const record of usable) if (!ended.has(record.id)) this.#admit(record)
  }

  /** Those of a program, or all there are; the newest first. */
  async list(user?: UserId): Promise<readonly ApiToken[]> {
    const records = await this.#records()
    return records
      .filter((record) => user === undefined || record.user === user)
      .sort((a, b) => b.createdAt - a.createdAt)
      .map(withoutHash)
  }

  /**
   * Makes a token; its text is told here and never again. Fails with `user-not-found` for who is no
   * program in use, `bad-request` for a name that is none or chats that are too many, and
   * `too-many-api-tokens`.
   */
  make(input: NewApiToken, actor: string): Promise<Result<MadeApiToken, Failure>> {
    // One after the other: all of many at once would find that there is room.
    return this.#making.run('make', () => this.#make(input, actor))
  }

  async #make(
    { user, name, chats }: NewApiToken,
    actor: string,
  ): Promise<Result<MadeApiToken, Failure>> {
    const read = label.safeParse(name)
    if (!read.success || (chats !== 'all' && chats.length > MAX_TOKEN_CHATS))
      return failure('bad-request')
    const account = await this.#options.getUser(user)
    if (account?.status !== 'active' || !account.roles.includes('service'))
      return failure('user-not-found')
    const all = await this.#records()
    const own = all.filter((record) => record.user === user)
    if (own.length >= MAX_API_TOKENS || all.length >= MAX_ALL_API_TOKENS)
      return failure('too-many-api-tokens')
    const drawn = newApiTokenSecret()
    const at = this.#options.now()
    const record: ApiTokenRecord = {
      id: drawn.id,
      user,
      hash: hashOfSecret(drawn.secret),
      name: read.data,
      chats: chats === 'all' ? chats : [...new Set(chats)],
      createdAt: at,
      createdBy: actor,
    }
    const details = { token: record.id, name: record.name, chats: record.chats }
    await this.#options.store.commit({
      records: [{ key: apiTokenKey(record.id), value: writeApiToken(record), expect: 0 }],
      audit: [{ at, actor, action: 'token.made', subject: user, details }],
    })
    this.#admit(record)
    // Once more: whoever disables an account ends its tokens, but perhaps the moment before.
    if ((await this.#options.getUser(user))?.status !== 'active') {
      await this.end(record.id, 'server')
      return failure('user-not-found')
    }
    return ok({ token: withoutHash(record), text: writeApiTokenText(drawn) })
  }

  /** Ends a token, with its access tokens and sockets. False when there is none. */
  async end(id: string, actor: string): Promise<boolean> {
    const found = await this.#options.store.getRecord(apiTokenKey(id))
    if (found === undefined) return false
    const record = readApiToken(found.key, found.value)
    const { records, audit, done } = this.#endsOf([record], actor)
    await this.#options.store.commit({ records, audit })
    done()
    return true
  }

  /**
   * What ends all tokens of somebody, for a commit that does more. They do not come back: who is
   * enabled again gets new ones.
   */
  async prepareEnds(user: UserId, { actor }: EndedBy): Promise<Prepared<void>> {
    const records = await this.#records()
    return this.#endsOf(
      records.filter((record) => record.user === user),
      actor,
    )
  }

  /** The program of a token, and what stands for a session. Fails with `api-token-refused`. */
  async check(
    text: string,
    address: string,
  ): Promise<Result<{ readonly user: User; readonly session: string }, Failure>> {
    const read = readApiTokenText(text)
    if (read === undefined) return failure('api-token-refused')
    const seen = await contend<Result<ApiTokenRecord, Failure>>(() => this.#see(read, address))
    if (seen === undefined) return err({ code: 'server-busy', retryAfter: 1 })
    if (!seen.ok) return seen
    const user = await this.#options.getUser(seen.value.user)
    if (user?.status !== 'active' || !this.#scopes.has(read.id)) return failure('api-token-refused')
    return ok({ user, session: sessionOfApiToken(read.id) })
  }

  /** Which chats who is signed in may see; undefined for all that they are in. */
  chatsOf(session: string): ReadonlySet<ChatId> | undefined {
    const id = apiTokenOfSession(session)
    const scope = id === undefined ? undefined : this.#scopes.get(id)
    return scope === 'all' ? undefined : scope
  }

  /** Undefined when somebody else changed the record meanwhile. */
  async #see(
    { id, secret }: { id: string; secret: string },
    address: string,
  ): Promise<Result<ApiTokenRecord, Failure> | undefined> {
    const { store, now } = this.#options
    const found = await store.getRecord(apiTokenKey(id))
    const record = found && readApiToken(found.key, found.value)
    if (found === undefined || record === undefined || !isSecretOf(secret, record))
      return failure('api-token-refused')
    const at = now()
    if (record.seenAt !== undefined && Math.abs(at - record.seenAt) < SEEN_EVERY) return ok(record)
    const { user: actor } = record
    const details = { address, method: 'api-token', token: id }
    const commit = await store.commit({
      records: [
        {
          key: found.key,
          value: writeApiToken({ ...record, seenAt: at }),
          expect: found.version,
        },
      ],
      audit: [{ at, actor, action: 'login.succeeded', details }],
    })
    return commit.kind === 'committed' ? ok(record) : undefined
  }

  #admit({ id, chats }: ApiTokenRecord): void {
    this.#scopes.set(id, chats === 'all' ? chats : new Set(chats))
    this.#options.live.admit(sessionOfApiToken(id))
  }

  #endsOf(tokens: readonly ApiTokenRecord[], actor: string): Prepared<void> {
    const at = this.#options.now()
    return {
      records: tokens.map(({ id }) => ({ key: apiTokenKey(id), value: null })),
      audit: tokens.map(({ id, user, name }) => ({
        at,
        actor,
        action: 'token.ended',
        subject: user,
        details: { token: id, name },
      })),
      done: () => {
        for (const { id } of tokens) {
          this.#endedMeanwhile?.add(id)
          this.#scopes.delete(id)
          this.#options.live.dismiss(sessionOfApiToken(id))
        }
        for (const { id, user } of tokens) this.#options.onEnd(sessionOfApiToken(id), user)
      },
    }
  }

  async #records(): Promise<ApiTokenRecord[]> {
    const stored = await this.#options.store.listRecords(API_TOKEN_PREFIX)
    return stored.map(({ key, value }) => readApiToken(key, value))
  }
}
