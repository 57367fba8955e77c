/** The whole server: store, directory, sign-in, sync, HTTP and sockets, put together. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { type AdminContext, OPERATOR } from './admin/context.ts'
import { firstAdminLink, isNew } from './admin/operations/first-admin.ts'
import { serveAdmin } from './admin/socket/admin-socket.ts'
import { storageUseOf, type Vitals } from './admin/vitals.ts'
import { openMessagesApi } from './api/messages-api.ts'
import { Openings } from './audit/openings.ts'
import { removeOldLines } from './audit/retention.ts'
import { Usage } from './audit/usage.ts'
import { Auth } from './auth/auth.ts'
import { isOfClinic } from './auth/staff-passkey.ts'
import { type HealthNote, HealthNotes } from './base/health-notes.ts'
import { Latencies } from './base/latencies.ts'
import { systemTimers } from './base/timers.ts'
import type { Rate } from './budget/token-bucket.ts'
import { openDemoClinic } from './cli/demo-clinic.ts'
import { Clinic } from './clinic/clinic.ts'
import { type Config, DEFAULT_AUDIT_YEARS } from './config/config.ts'
import { createLogger, type Logger } from './config/logger.ts'
import { DEFAULT_QUOTAS, type Quotas } from './config/quotas.ts'
import { loadSealKey, loadSecret } from './config/secret-file.ts'
import { GroupSeal } from './directory/group-seal.ts'
import { mendRecords } from './directory/mend-records.ts'
import { Preferences } from './directory/preferences.ts'
import { dropBoundlessSettings } from './directory/settings-bound.ts'
import { BlobStore } from './files/blob-store.ts'
import { createFiles } from './files/file-service.ts'
import { Admission } from './http/admission.ts'
import { createApp } from './http/app.ts'
import { openIdentity } from './identity/open-identity.ts'
import { linkAddress } from './links/link-address.ts'
import { openWaysIn } from './links/ways-in.ts'
import { createMailer } from './mail/mailer.ts'
import { openStore } from './open-store.ts'
import { People } from './people/people.ts'
import { PersonExport } from './person-export/person-export.ts'
import { startPush } from './push/push-service.ts'
import { LevelStore } from './storage/level-store.ts'
import { readRecovery } from './storage/recovery.ts'
import { Scrubber } from './storage/scrubber.ts'
import type { Store } from './storage/store.ts'
import { waitOnClock } from './storage/wait.ts'
import { ClockWatch } from './sync/clock-watch.ts'
import type { SyncLimits } from './sync/limits.ts'
import { type SocketEndpoint, serveSockets } from './sync/socket-endpoint.ts'
import { createSyncServer, type SyncServer } from './sync/sync-server.ts'
import { openWorkerPool } from './work/worker-pool.ts'

/** Where the build puts the app, seen from the sources and from the compiled server alike. */
const WEB_ROOT = resolve(import.meta.dirname, '../../pwa/dist')
/**
 * Connections that wait to be taken in, as far as the system allows. With Node's 511 a burst of
 * somebody's has the others try again, a second later and then two, four and eight.
 */
const BACKLOG = 8_192
/** Durable writes that are remembered, with how long each took. */
const COMMITS_MEASURED = 1_000
/** How often what has expired is removed: sessions, uploads; ms. */
const HOUSEKEEPING_MS = 6 * 3_600_000
/** How often is looked for requests that do not come to their end, ms. */
const CHECK_MS = 5_000
/** How long `/healthz` says that the database lost something, or was restored, ms. */
const RECOVERY_NOTED_MS = 14 * 86_400_000
/** How long requests may take to finish when the server goes down, ms. */
const LAST_REQUESTS_MS = 5_000

/** What tests put in the place of what the configuration says. */
export interface Overrides {
  /** It is closed with the server. */
  readonly store?: Store
  readonly log?: Logger
  readonly limits?: Partial<SyncLimits>
  readonly quotas?: Partial<Quotas>
  /** How often a user may ask over HTTP. */
  readonly requestRate?: Rate
  /** Folder of the built app; undefined takes the one of the build, if it is there. */
  readonly webRoot?: string
  /** What threads for long work run; undefined takes what the compiled server has. */
  readonly workThread?: URL
}

export interface RunningServer {
  readonly port: number
  /** For a browser on this machine. */
  readonly url: string
  /** Whether the demo accounts, whose password is public, are there. */
  readonly demo: boolean
  /** For administration and tests. */
  readonly sync: SyncServer
  readonly auth: Auth
  readonly store: Store
  /**
   * Where the first admin begins, once; another address each time. undefined when anybody has an
   * account with which they can sign in.
   */
  firstAdminLink(): Promise<string | undefined>
  /**
   * Takes nothing new, closes the sockets with 1012, waits for what is on its way to the disk and
   * closes the store. Can be called twice.
   */
  close(): Promise<void>
}

/**
 * Starts the server; resolves when it listens. Rejects with `StoreError` when the data directory
 * cannot be used, and with the system's error when the port cannot.
 */
export const startServer = async (
  config: Config,
  overrides: Overrides = {},
): Promise<RunningServer> => {
  const log = overrides.log ?? createLogger(config.logLevel)
  const commits = new Latencies(COMMITS_MEASURED)
  const store = overrides.store ?? (await openStore(config.dataDir, log, (ms) => commits.add(ms)))
  try {
    return await start(config, overrides, store, log, commits)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A database that became another one is worth a look for a while, over restarts too. */
const notesOf = async (store: Store): Promise<HealthNotes> => {
  const notes = new HealthNotes()
  const recovery = await readRecovery(store)
  if (recovery !== undefined && systemTimers.now() - recovery.at < RECOVERY_NOTED_MS)
    notes.set(recovery.reason === 'lost' ? 'changes-lost' : 'restored', recovery.missing ?? 1)
  return notes
}

const start = async (
  config: Config,
  overrides: Overrides,
  store: Store,
  log: Logger,
  commits: Latencies,
): Promise<RunningServer> => {
  for (const user of await dropBoundlessSettings(store, systemTimers.now))
    log('warn', 'settings.dropped', { user })
  const quotas = { ...DEFAULT_QUOTAS, ...config.quotas, ...overrides.quotas }
  const secret = config.jwtSecret ?? (await loadSecret(config.dataDir))
  const previous = config.previousJwtSecret
  const clinic = new Clinic({
    store,
    now: systemTimers.now,
    ...(config.lockMinutes !== undefined && { lockMinutes: config.lockMinutes }),
  })
  const workers = openWorkerPool(overrides.workThread)
  const sync = createSyncServer({
    store,
    workers,
    log,
    seal: new GroupSeal(await loadSealKey(config.dataDir)),
    ...(overrides.limits && { limits: overrides.limits }),
    quotas,
    mayStart: async (start) => (await clinic.settings()).mayStart[start],
    noteOpening: (reader, chat) => openings.noteSoon(reader, chat, 'sync'),
    verifyToken(token) {
      const verified = auth.verifyAccessToken(token)
      return verified.ok ? verified.value : undefined
    },
  })
  const auth = new Auth({
    store,
    directory: sync.directory,
    secrets: previous === undefined ? [secret] : [secret, previous],
    needsPasskey: (user) => config.staffPasskey === true && isOfClinic(user),
    onSessionEnd(session, user) {
      sync.connections.closeSession(session, user)
      push.sessionEnded(user, session)
    },
  })
  await auth.open()
  store.onReset((phase) => {
    if (phase === 'recovered')
      auth.open().catch((error: unknown) => {
        log('error', 'sessions.not-read', { message: String(error) })
      })
  })
  const notWritten = (error: unknown): void =>
    log('error', 'audit.not-written', { message: String(error) })
  const openings = new Openings({
    store,
    chatOf: (id) => sync.directory.chatOf(id),
    now: systemTimers.now,
    onError: notWritten,
  })
  const usage = new Usage({ store, now: systemTimers.now, onError: notWritten })
  const people = new People({
    store,
    directory: sync.directory,
    auth,
    commit: (change, durable) => sync.documents.commit(change, durable),
    now: () => systemTimers.now(),
    ...(config.retentionDays !== undefined && { retentionDays: config.retentionDays }),
    erased: {
      dropFiles: (chat) => files.files.dropChat(chat),
      async takeBack(user, chat) {
        await files.files.disown(user, chat)
        await messagesApi.takingBack.all(user, chat)
        await files.files.dropLeft(chat)
      },
    },
  })
  const { publicUrl } = config
  const mailer = config.mail && createMailer({ ...config.mail, log })
  const waysIn = openWaysIn({
    store,
    clock: systemTimers,
    secret,
    auth,
    directory: sync.directory,
    commit: sync.commit,
    clinic: async () => (await clinic.settings()).name,
    ...(config.staffPasskey !== undefined && { staffPasskey: config.staffPasskey }),
    ...(mailer !== undefined && publicUrl !== undefined && { mail: { mailer, publicUrl } }),
  })
  const prefs = new Preferences(store)
  const push = await startPush({
    config,
    store,
    sync,
    prefs,
    log,
    isLive: (session) => auth.isLiveSession(session),
  })
  if (store instanceof LevelStore && store.lostRecords) {
    for (const key of await mendRecords(store, await store.documents(), systemTimers.now()))
      log('error', 'record.made-again', { key })
  }
  const scrubber =
    store instanceof LevelStore
      ? new Scrubber(store, waitOnClock, (error) =>
          log('warn', 'scrubber.failed', { message: String(error) }),
        )
      : undefined
  const { filledGroups } = await sync.directory.open()
  if (filledGroups > 0) log('info', 'groups.birth-dates-filled', { groups: filledGroups })
  const demo = config.demo && (await openDemoClinic(store, sync.directory))
  const origins = { clientUrl: config.clientUrl, trustedProxies: config.trustedProxies }
  const webRoot = overrides.webRoot ?? (existsSync(WEB_ROOT) ? WEB_ROOT : undefined)
  const { directory, documents } = sync
  const files = createFiles({
    dataDir: config.dataDir,
    store,
    sync,
    log,
    quotas,
    inUse: (chat, hashes) => messagesApi.fileUse.which(chat, hashes),
  })
  const messagesApi = openMessagesApi({
    store,
    workers,
    documents,
    directory,
    prefs,
    files: files.files,
    now: systemTimers.now,
  })
  const exports = new PersonExport({
    store,
    directory,
    history: messagesApi.history,
    filePath: (hash) => new BlobStore(join(config.dataDir, 'files')).path(hash),
    now: systemTimers.now,
  })
  people.resume().catch((error: unknown) => {
    log('warn', 'erasure.not-resumed', { message: String(error) })
  })
  const notes = await notesOf(store)
  const damages = (): readonly HealthNote[] => {
    const { documents, mended, records } = sync.mender.report
    const counts = {
      'documents-damaged': documents,
      'documents-begun-anew': mended,
      'records-damaged': records,
      'files-lost': files.guard.lost.size,
      'documents-not-erased': sync.unerased(),
    }
    return Object.entries(counts).flatMap(([code, count]) => (count > 0 ? [{ code, count }] : []))
  }
  const noted = (): readonly HealthNote[] => [...notes.list(), ...damages()]
  const vitals: Vitals = {
    startedAt: systemTimers.now(),
    connections() {
      const all = sync.connections.all()
      return { sockets: all.length, people: new Set(all.map(({ user }) => user)).size }
    },
    commits,
    pushWaiting: () => push.waiting(),
    notes: noted,
    storage: storageUseOf(config.dataDir, () => systemTimers.elapsed()),
  }
  const adminContext = (actor: string): AdminContext => ({
    store,
    directory,
    auth,
    people,
    exports,
    waysIn,
    appUrl: publicUrl,
    clinic,
    clock: systemTimers,
    vitals,
    actor,
  })
  const app = createApp({
    auth,
    clinic,
    admin: adminContext,
    waysIn,
    publicUrl,
    directory,
    store,
    log,
    origins,
    messagesApi,
    openings,
    usage,
    identity: openIdentity({ config, store, sync, auth, usage, secret, log }),
    files,
    push: { ...push, production: config.production },
    notes: { list: noted },
    production: config.production,
    webRoot,
    ...(overrides.requestRate && { rate: overrides.requestRate }),
  })
  const http = createServer({ connectionsCheckingInterval: CHECK_MS })
  const admission = new Admission(http, origins)
  http.on('request', (request, response) => {
    if (!request.socket.destroyed) app(request, response)
  })
  const sockets = serveSockets(http, sync, origins)
  const watch = new ClockWatch(systemTimers)
  const housekeeping = setInterval(() => {
    const set = watch.look()
    // What is over by a clock that was just set may not be: the next round sees.
    if (set !== 0) return log('warn', 'clock.set', { ms: Math.round(set) })
    auth.removeExpiredSessions().catch((error: unknown) => {
      log('warn', 'sessions.not-cleaned', { message: String(error) })
    })
    removeOldLines(store, config.auditYears ?? DEFAULT_AUDIT_YEARS, systemTimers.now()).catch(
      (error: unknown) => log('warn', 'audit.not-cleaned', { message: String(error) }),
    )
    waysIn.links.removeExpired().catch((error: unknown) => {
      log('warn', 'links.not-cleaned', { message: String(error) })
    })
    messagesApi.keys.removeExpired().catch((error: unknown) => {
      log('warn', 'idempotency.not-cleaned', { message: String(error) })
    })
    push.clean().catch((error: unknown) => {
      log('warn', 'push.not-cleaned', { message: String(error) })
    })
    files.clean().catch((error: unknown) => {
      log('warn', 'files.not-cleaned', { message: String(error) })
    })
  }, HOUSEKEEPING_MS)
  try {
    http.listen({ port: config.port, host: config.host, backlog: BACKLOG })
    await once(http, 'listening')
  } catch (error) {
    clearInterval(housekeeping)
    admission.stop()
    await push.stop()
    await sync.close()
    await sockets.close()
    throw error
  }
  const admin =
    overrides.store === undefined && store instanceof LevelStore
      ? await serveAdmin({
          dataDir: config.dataDir,
          context: adminContext(OPERATOR),
          copyDatabase: (folder, signal) => store.copyTo(folder, { signal }),
          keepFiles: () => files.files.keepBytes(),
          log,
        })
      : undefined
  const { port } = http.address() as AddressInfo
  const url = `http://${urlHost(config.host)}:${port}`
  log('info', 'server.started', { url, dataDir: config.dataDir, demo })
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    clearInterval(housekeeping)
    admission.stop()
    await admin?.close()
    await closeAll(http, sync, sockets)
    await push.stop()
    await files.stop()
    await scrubber?.stop()
    await workers.stop()
    mailer?.close()
    await store.close()
    log('info', 'server.stopped')
  }
  return {
    port,
    url,
    demo,
    sync,
    auth,
    store,
    async firstAdminLink() {
      if (!isNew(await directory.accounts.all())) return undefined
      const link = await firstAdminLink(adminContext('server'))
      return link.ok ? linkAddress(publicUrl ?? url, link.value) : undefined
    },
    close() {
      closed ??= close()
      return closed
    },
  }
}

const closeAll = async (http: Server, sync: SyncServer, sockets: SocketEndpoint): Promise<void> => {
  const listening = new Promise<void>((resolve) => http.close(() => resolve()))
  const hurry = setTimeout(() => http.closeAllConnections(), LAST_REQUESTS_MS)
  http.closeIdleConnections()
  await sync.close()
  await sockets.close()
  await listening
  clearTimeout(hurry)
}

/** The host of a URL for this machine; a server on all interfaces is there as well. */
const urlHost = (host: string | undefined): string => {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
