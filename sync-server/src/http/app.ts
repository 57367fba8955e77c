/** The HTTP side of the server, composed. */

import type { Clock } from '@wardline/core/time/clock'
import express, { type Express } from 'express'
import type { AdminContext } from '../admin/context.ts'
import type { MessagesApi } from '../api/messages-api.ts'
import type { Openings } from '../audit/openings.ts'
import type { Usage } from '../audit/usage.ts'
import type { Auth } from '../auth/auth.ts'
import { HealthNotes } from '../base/health-notes.ts'
import type { OriginPolicy } from '../base/origins.ts'
import { systemTimers } from '../base/timers.ts'
import type { Rate } from '../budget/token-bucket.ts'
import type { Clinic } from '../clinic/clinic.ts'
import type { Logger } from '../config/logger.ts'
import type { Directory } from '../directory/directory.ts'
import type { FileService } from '../files/file-service.ts'
import type { WaysIn } from '../links/ways-in.ts'
import type { Store } from '../storage/store.ts'
import { adminRoutes } from './admin-routes.ts'
import { apiDocRoutes } from './api-doc-routes.ts'
import { auditUse } from './audit-use.ts'
import { authRoutes } from './auth-routes.ts'
import { chatRoutes } from './chat-routes.ts'
import { clinicRoutes } from './clinic-routes.ts'
import { openContext } from './context.ts'
import { crossOrigin } from './cross-origin.ts'
import { deviceRoutes } from './device-routes.ts'
import { answerError, answerNotFound } from './failures.ts'
import { type FileRoutesOptions, fileRoutes } from './file-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { healthRoutes } from './health.ts'
import { type IdentityRoutesOptions, identityRoutes } from './identity-routes.ts'
import { jsonBody } from './json-body.ts'
import { linkRoutes } from './link-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { openingsRoutes } from './openings-routes.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { patientDeviceRoutes } from './patient-device-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { plainAddress } from './plain-address.ts'
import { type PushRoutesOptions, pushRoutes } from './push-routes.ts'
import { securityHeaders } from './security-headers.ts'
import { replyBy } from './signed-in-reply.ts'
import { DEFAULT_REQUEST_RATE, guardBy, guardChanges, throttleBy } from './user-throttle.ts'
import { webApp } from './web-app.ts'

/** Bytes of a JSON body. */
const MAX_JSON = 64 * 1024
/** Of one that may have a text in it: some programs write each letter beyond ASCII as six. */
const MAX_TEXT_JSON = 256 * 1024

/** Where use and refusals go into the audit trail: whatever concerns other people. */
const AUDITED = ['/api/chat', '/api/people', '/api/admin']

export interface AppDeps {
  readonly auth: Auth
  readonly directory: Directory
  readonly store: Store
  readonly clinic: Clinic
  /** What admin operations work on, in the name of a user. */
  readonly admin: (actor: string) => AdminContext
  readonly waysIn: WaysIn
  /** Origin at which people open the app; undefined: where they happen to. */
  readonly publicUrl?: string | undefined
  readonly log: Logger
  readonly origins: OriginPolicy
  readonly messagesApi: MessagesApi
  readonly openings: Openings
  readonly usage: Usage
  /** How often a user may ask. */
  readonly rate?: Rate
  /** What others than this server sign people in by; undefined: nothing. */
  readonly identity?: Pick<IdentityRoutesOptions, 'oidc' | 'outside'>
  /** Undefined serves no files. */
  readonly files?: Omit<FileRoutesOptions, 'auth' | 'throttle' | 'usage'> &
    Pick<FileService, 'isUsable'>
  /** What `/healthz` tells beside its verdict. */
  readonly notes?: Pick<HealthNotes, 'list'>
  /** Undefined offers no notifications. */
  readonly push?: PushRoutesOptions
  /** Whether real people's sessions are at stake. */
  readonly production?: boolean
  /** Folder of the built app; undefined serves none. */
  readonly webRoot?: string | undefined
  readonly clock?: Clock
}

/** Answers every request; whoever upgrades sockets listens on the server itself. */
export const createApp = (deps: AppDeps): Express => {
  const { auth, directory, store, log, origins, messagesApi, webRoot, clock = systemTimers } = deps
  const now = (): number => clock.now()
  const elapsed = (): number => clock.elapsed()
  const throttle = throttleBy(deps.rate ?? DEFAULT_REQUEST_RATE, elapsed)
  const guard = guardBy(auth, throttle)
  const changing = guardChanges(guard, elapsed)
  const { waysIn } = deps
  const methods = () => ({ passkey: true, mail: waysIn.mails !== undefined })
  const sentInClear = deps.production === true ? warnOfClear(log) : () => {}
  const app = express()
  app.use(openContext(origins, log))
  app.use(securityHeaders())
  const health = {
    store,
    filesUsable: deps.files?.isUsable ?? (async () => true),
    notes: deps.notes ?? new HealthNotes(),
    elapsed,
  }
  app.use('/healthz', noStore, healthRoutes(health))
  app.use('/api', noStore, crossOrigin, plainAddress)
  app.use(AUDITED, auditUse(deps.usage))
  app.use('/api/chat', jsonBody(MAX_TEXT_JSON))
  app.use('/api', jsonBody(MAX_JSON))
  app.use('/api/auth', identityRoutes({ auth, ...deps.identity, methods, sentInClear }))
  const reply = replyBy(sentInClear)
  const clinicName = async () => (await deps.clinic.settings()).name
  app.use('/api/auth', authRoutes(auth, reply))
  app.use('/api/auth', linkRoutes({ ...waysIn, clinic: clinicName, log }, changing, reply))
  app.use(
    '/api/auth/passkeys',
    passkeyRoutes({ ...waysIn, store: deps.store, auth, directory }, guard, changing, reply),
  )
  app.use(
    '/api/people',
    peopleRoutes({ ...waysIn, directory, publicUrl: deps.publicUrl }, changing),
  )
  const patients = { directory, context: deps.admin }
  app.use('/api/people', patientDeviceRoutes(patients, guard))
  app.use('/api/auth', deviceRoutes(auth, guard, changing))
  app.use('/api/chat/groups', groupRoutes({ directory, keys: messagesApi.keys, guard, now }))
  app.use('/api/chat', chatRoutes({ directory, messagesApi, guard, now }))
  app.use('/api/chat', openingsRoutes(deps.openings, guard))
  app.use('/api/chat', messageRoutes({ messagesApi, guard, openings: deps.openings }))
  app.use('/api/admin', adminRoutes({ context: deps.admin, guard }))
  app.use('/api/clinic', clinicRoutes(deps.clinic))
  app.use('/api', apiDocRoutes())
  if (deps.files !== undefined)
    app.use('/api/files', fileRoutes({ auth, throttle, usage: deps.usage, ...deps.files }))
  if (deps.push !== undefined) app.use('/api/push', pushRoutes(deps.push, guard))
  if (webRoot !== undefined) app.use(webApp(webRoot))
  app.use(answerNotFound)
  app.use(answerError(log))
  return app
}

/** Says it once: in production, sessions are to go over TLS. */
const warnOfClear = (log: Logger): (() => void) => {
  let said = false
  return () => {
    if (said) return
    said = true
    log('warn', 'session.without-tls', {
      message:
        'a session was handed out over plain http, and anybody on the way can take it: put a proxy that terminates TLS before the server, have it set X-Forwarded-Proto, and set TRUST_PROXY',
    })
  }
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}
