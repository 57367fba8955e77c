/** `/api/files`: files of chats, for their members. */
import { parseChatId } from '@wardline/core/base/ids'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Usage } from '../audit/usage.ts'
import type { AccessClaims } from '../auth/access-token.ts'
import { maySee, type Scoped } from '../directory/chat-scope.ts'
import type { Failure } from '../errors/catalogue.ts'
import { hashSchema } from '../files/file-record.ts'
import type { Files } from '../files/files.ts'
import type { Uploads } from '../files/uploads.ts'
import { AtOnce } from './at-once.ts'
import { callerOf, type TokenCheck } from './endpoint.ts'
import { refuseMethod, sendFailure } from './failures.ts'
import type { Throttle } from './user-throttle.ts'

const THROTTLED: readonly string[] = ['POST', 'PUT', 'DELETE']

export interface FileRoutesOptions {
  readonly auth: TokenCheck
  /** Of what changes what is kept of files; how fast bytes come and go is the network's to say. */
  readonly throttle: Throttle
  readonly files: Files
  readonly usage: Usage
  readonly uploads: Uploads
}

export const fileRoutes = ({
  auth,
  throttle,
  usage,
  files,
  uploads,
}: FileRoutesOptions): Router => {
  const router = Router({ caseSensitive: true })
  const atOnce = new AtOnce()
  /** What returns a failure has not answered yet. */
  const signedIn =
    (
      answer: (
        caller: AccessClaims,
        request: Request,
        response: Response,
      ) => Promise<Failure | undefined>,
    ): RequestHandler =>
    async (request, response) => {
      const caller = callerOf(auth, request)
      if (!caller.ok) return sendFailure(response, caller.error)
      const { userId } = caller.value
      const refused = THROTTLED.includes(request.method) ? throttle(userId) : undefined
      if (refused === undefined && !(await atOnce.turn(userId, response))) return
      if (refused !== undefined) return sendFailure(response, refused)
      // It may have waited for as long as whoever asks has liked: who was good then need not be now.
      const still = callerOf(auth, request)
      if (!still.ok) return sendFailure(response, still.error)
      const failure = await answer(still.value, request, response)
      if (failure !== undefined) sendFailure(response, failure)
    }

  router
    .route('/uploads')
    .post(signedIn((caller, request, response) => uploads.create(caller, request, response)))
    .all(refuseMethod('POST'))

  const goOn = signedIn((caller, request, response) =>
    uploads.goOn(caller, text(request.params.id), request, response),
  )
  router
    .route('/uploads/:id')
    .head(goOn)
    .patch(goOn)
    .delete(goOn)
    .all(refuseMethod('HEAD', 'PATCH', 'DELETE'))

  router
    .route('/lost')
    .get(
      signedIn(async (caller, _request, response) => {
        response.set('Cache-Control', 'no-store').json({ files: await files.lost(caller) })
        return undefined
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))

  router
    .route('/:chat/:hash')
    .get(
      signedIn(async (caller, request, response) => {
        const { userId: user, session } = caller
        const place = placeOf(request, caller)
        if (place === undefined) return { code: 'not-found' }
        const found = await files.find(user, place.chat, place.hash)
        if (!found.ok) return found.error
        const { record, path } = found.value
        usage.note(session, {
          actor: user,
          action: 'file.read',
          subject: place.chat,
          details: { hash: place.hash },
        })
        response.attachment(record.name)
        response.set({
          'Content-Type': record.type === 'text/plain' ? 'text/plain; charset=utf-8' : record.type,
          'Cache-Control': 'private, max-age=31536000, immutable',
          'Content-Security-Policy': 'sandbox',
          'X-Content-Type-Options': 'nosniff',
          ETag: `"${place.hash}"`,
        })
        return send(response, path)
      }),
    )
    .put(
      signedIn(async (caller, request, response) => {
        const { userId: user } = caller
        const place = placeOf(request, caller)
        if (place === undefined) return { code: 'not-found' }
        const claimed = await files.claim(user, place.chat, place.hash)
        if (!claimed.ok) return claimed.error
        response.status(204).end()
        return undefined
      }),
    )
    .delete(
      signedIn(async (caller, request, response) => {
        const { userId: user } = caller
        const place = placeOf(request, caller)
        if (place === undefined) return { code: 'not-found' }
        const released = await files.release(user, place.chat, place.hash)
        if (!released.ok) return released.error
        response.status(204).end()
        return undefined
      }),
    )
    .all(refuseMethod('GET', 'HEAD', 'PUT', 'DELETE'))
  return router
}

const text = (param: string | string[] | undefined): string =>
  typeof param === 'string' ? param : ''

/** Undefined also in a chat that the caller's token is not for. */
const placeOf = ({ params }: Request, who: Scoped) => {
  const chat = parseChatId(text(params.chat))
  const hash = hashSchema.safeParse(params.hash)
  const isSeen = chat !== undefined && maySee(who, chat)
  return !isSeen || !hash.success ? undefined : { chat, hash: hash.data }
}

/** The file, or the range of it that was asked for. */
const send = (response: Response, path: string): Promise<Failure | undefined> =>
  new Promise((resolve) => {
    response.sendFile(path, { cacheControl: false, etag: false, dotfiles: 'allow' }, (error) => {
      // Who went away in the middle needs no answer.
      if (!error || response.headersSent) return resolve(undefined)
      for (const header of ['Content-Type', 'Content-Disposition', 'ETag'])
        response.removeHeader(header)
      response.set('Cache-Control', 'no-store')
      resolve({ code: codes.get(statusOf(error)) ?? 'internal' })
    })
  })

const codes: ReadonlyMap<unknown, Failure['code']> = new Map([
  [404, 'file-lost'],
  [416, 'range-not-there'],
])

const statusOf = (error: Error): unknown => ('status' in error ? error.status : undefined)
