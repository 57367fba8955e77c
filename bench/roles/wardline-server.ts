/** The whole server, with its accounts made without the slow hash of a password. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import {
  type ChatId,
  type DocName,
  monthOf,
  pageDoc,
  parseDocName,
  type UserId,
} from '@wardline/core/base/ids'
import { hashPassword } from '@wardline/sync-server/auth/password'
import { readConfig } from '@wardline/sync-server/config/config'
import { type RunningServer, startServer } from '@wardline/sync-server/server'
import { isDue } from '@wardline/sync-server/storage/compaction'
import { chatOf, type Pair } from '../support/clinic.ts'
import { type Handlers, serveRole } from '../support/role.ts'

const SECRET = 'a secret for benches, of thirty-two characters'
/** Accounts, chats or updates on their way into the store at a time. */
const AT_ONCE = 500

let server: RunningServer | undefined

const running = (): RunningServer => {
  if (server === undefined) throw new Error('the server does not run')
  return server
}

const all = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < items.length; i += AT_ONCE)
    await Promise.all(items.slice(i, i + AT_ONCE).map(work))
}

const addUser = async (id: UserId, role: 'patient' | 'doctor'): Promise<void> => {
  const made = await running().sync.directory.createUser({
    id,
    roles: [role],
    name: id,
    email: `${id}@example.org`,
    passwordHash: '-',
  })
  if (!made.ok && made.error !== 'id-taken') throw new Error(`${id}: ${made.error}`)
}

const handlers = {
  /**
   * Returns where it listens.
   *
   * @param webRoot folder of the built app, which people with demo accounts use
   */
  async start(dataDir: string, webRoot?: string): Promise<string> {
    const env = {
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      JWT_SECRET: SECRET,
      LOG_LEVEL: 'error',
      WARDLINE_DEMO: webRoot === undefined ? '0' : '1',
    }
    const config = readConfig(env)
    if (!config.ok) throw new Error(config.error)
    server = await startServer(config.value, {
      workThread: new URL('./work-thread.mjs', import.meta.url),
      ...(webRoot !== undefined && { webRoot }),
    })
    return server.url
  },

  async stop(): Promise<void> {
    await server?.close()
    server = undefined
  },

  /** Makes the people and their chats. */
  async people(pairs: readonly Pair[]): Promise<void> {
    await all([...new Set(pairs.map(({ patient }) => patient))], (id) => addUser(id, 'patient'))
    await all([...new Set(pairs.map(({ doctor }) => doctor))], (id) => addUser(id, 'doctor'))
    await all(pairs, async ({ patient, doctor }) => {
      const made = await running().sync.directory.registerDirectChat(patient, doctor, patient)
      if (!made.ok) throw new Error(`${chatOf({ patient, doctor })}: ${made.error.code}`)
    })
  },

  /** Makes a group of these people; the first of them is a doctor, and makes it. */
  async group(members: readonly UserId[]): Promise<ChatId> {
    const { groups } = running().sync.directory
    const [creator, ...others] = members
    if (creator === undefined) throw new Error('a group of nobody')
    const made = await groups.create(creator, 'A ward', others)
    if (!made.ok) throw new Error(made.error.code)
    return made.value.id
  },

  /** Gives an account a password, so that it can sign in over HTTP. */
  async password(id: UserId, password: string): Promise<void> {
    const { store } = running()
    const record = await store.getRecord(`user/${id}`)
    if (typeof record?.value !== 'object' || record.value === null) throw new Error(`no ${id}`)
    const value = { ...record.value, passwordHash: await hashPassword(password) }
    await store.commit({ records: [{ key: record.key, value }] })
  },

  /** The longest time, in ms, for which nothing else ran, of the next so many ms. */
  async lag(ms: number): Promise<number> {
    const histogram = monitorEventLoopDelay({ resolution: 5 })
    histogram.enable()
    await new Promise((resolve) => setTimeout(resolve, ms))
    histogram.disable()
    return Math.round(histogram.max / 1e6)
  },

  /** An access token for each of these users, of a session that they have. */
  async tokens(users: readonly UserId[]): Promise<string[]> {
    const tokens = new Map<UserId, string>()
    await all(users, async (userId) => {
      const signedIn = await running().auth.signIn(userId, { address: '::1', method: 'password' })
      if (!signedIn.ok) throw new Error(`${userId}: ${signedIn.error.code}`)
      tokens.set(userId, signedIn.value.accessToken)
    })
    return users.map((userId) => tokens.get(userId) ?? '')
  },

  /** Stores updates of pages, one row each, as if they had come through the gate. */
  async fill(pages: readonly { doc: DocName; updates: readonly Uint8Array[] }[]): Promise<void> {
    const { directory } = running().sync
    await all(pages, async ({ doc }) => {
      const ref = parseDocName(doc)
      if (ref?.kind !== 'page') throw new Error(`${doc} is not a page`)
      const listed = await directory.registerPage(ref.chat, ref.month)
      if (!listed.ok) throw new Error(`${doc}: ${listed.error.code}`)
    })
    for (const { doc, updates } of pages)
      await all(updates, (update) => running().sync.commit({ appends: [{ doc, update }] }))
  },

  /** Resolves when compaction has nothing to do any more in these documents. */
  async compacted(docs: readonly DocName[]): Promise<void> {
    let before = ''
    for (;;) {
      const sizes = await Promise.all(docs.map((doc) => running().store.sizes(doc)))
      const now = JSON.stringify(sizes)
      if (now === before && !sizes.some(isDue)) return
      before = now
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  },

  pageOfNow: (pair: Pair): DocName => pageDoc(chatOf(pair), monthOf(Date.now())),

  /** Returns what is left in use, bytes. */
  collectGarbage(): number {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  },
} satisfies Handlers

export type WardlineServer = typeof handlers
serveRole(handlers)
