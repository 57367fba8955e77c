/**
 * Uploads under way, by the tus protocol: the library writes what comes into DATA_DIR/uploads, and
 * knows after any interruption how much is there. What is said about a file is checked before its
 * first byte is taken, and what came after its last.
 */
import { createHash, randomBytes } from 'node:crypto'
import { FileConfigstore, FileStore } from '@tus/file-store'
import { type ChatId, parseChatId, type UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { userIdSchema } from '../directory/user.ts'
import { errorCatalogue, type Failure, failure } from '../errors/catalogue.ts'
import type { Result } from '../errors/result.ts'
import type { Opener } from '../sync/access.ts'
import {
  MAX_FILE_BYTES,
  MAX_PENDING_BYTES,
  MAX_PENDING_UPLOADS,
  UPLOAD_LIFETIME,
} from './file-limits.ts'
import { hashSchema } from './file-record.ts'
import type { Files } from './files.ts'
import { sayVersion, speaksTus, type TusAnswer, TusServer } from './tus-server.ts'
import { readMetadata } from './upload-metadata.ts'

export const UPLOADS_PATH = '/api/files/uploads'
const BYTES_TYPE = 'application/offset+octet-stream'
const EXTENSIONS = ['Upload-Concat', 'Upload-Defer-Length']

const chatSchema = z.string().transform((text, context): ChatId => {
  const chat = parseChatId(text)
  if (chat !== undefined) return chat
  context.addIssue({ code: 'custom', message: 'not a chat id' })
  return z.NEVER
})
const declaredSchema = z.object({
  chat: chatSchema,
  hash: hashSchema,
  name: z.string().min(1).max(255),
  type: z.string().max(100),
  /** Gives back what the server has lost. */
  returns: z.literal('1').optional(),
})
const lengthSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/)
  .transform(Number)
const pendingSchema = declaredSchema.extend({ owner: userIdSchema })

type Declared = z.infer<typeof pendingSchema>

interface Pending {
  readonly id: string
  readonly path: string
  readonly size: number
  readonly offset: number
  readonly declared: Declared
}

export class Uploads {
  readonly #files: Files
  readonly #disk: FileStore
  readonly #names: FileConfigstore
  readonly #tus: TusServer
  /** By user: what counts the uploads under way must not miss one that is being begun. */
  readonly #beginners = new Serial<UserId>()
  /** By id: who asks in the middle gets the same answer. */
  readonly #finishing = new Map<string, Promise<Result<undefined, Failure>>>()

  /** @param folder for what is not complete */
  constructor(folder: string, files: Files) {
    this.#files = files
    this.#names = new FileConfigstore(folder)
    this.#disk = new FileStore({
      directory: folder,
      configstore: this.#names,
      expirationPeriodInMilliseconds: UPLOAD_LIFETIME,
    })
    this.#tus = new TusServer({
      path: UPLOADS_PATH,
      store: this.#disk,
      maxSize: MAX_FILE_BYTES,
      finish: (id) => this.#finish(id),
    })
  }

  /** Begins an upload. Its metadata then says whose it is. */
  async create(opener: Opener, request: Request, response: Response): Promise<Failure | undefined> {
    const user = opener.userId
    sayVersion(response)
    if (!speaksTus(request)) return { code: 'upload-version' }
    // Extensions that are not offered: uploads of parts, of a length to be said later, and bytes that
    // come at once, for which others of the same person would have to wait.
    if (EXTENSIONS.some((name) => request.get(name) !== undefined)) return { code: 'bad-request' }
    if (request.is(BYTES_TYPE) === BYTES_TYPE) return { code: 'bad-request' }
    const declared = declaredSchema.safeParse(readMetadata(request.get('Upload-Metadata')))
    const size = lengthSchema.safeParse(request.get('Upload-Length'))
    if (!declared.success || !size.success) return { code: 'bad-request' }
    if (size.data > MAX_FILE_BYTES) return { code: 'file-too-large' }
    return this.#beginners.run(user, async () => {
      const pending = await this.#pendingOf(user)
      const bytes = pending.reduce((sum, upload) => sum + upload.size, size.data)
      if (pending.length >= MAX_PENDING_UPLOADS || bytes > MAX_PENDING_BYTES)
        return { code: 'too-many-uploads', retryAfter: 60 }
      // What is only given back is counted already.
      const isNew = declared.data.returns === undefined
      if (isNew && !(await this.#files.hasRoom(user, bytes))) return { code: 'quota-full' }
      // Last, because a direct chat begins with it.
      if (!(await this.#files.mayWrite(opener, declared.data.chat))) return { code: 'not-found' }
      const { returns, ...said } = declared.data
      const metadata = { ...said, owner: user, ...(returns && { returns }) }
      return send(
        response,
        await this.#tus.create(request, response, { id: uploadId(user), metadata }),
      )
    })
  }

  /** Asks after an upload, goes on with it or gives it up. Others' uploads are not there. */
  async goOn(
    opener: Opener,
    id: string,
    request: Request,
    response: Response,
  ): Promise<Failure | undefined> {
    sayVersion(response)
    const pending = await this.#pending(id)
    if (pending?.declared.owner !== opener.userId) return { code: 'not-found' }
    if (!speaksTus(request)) return { code: 'upload-version' }
    if (!(await this.#files.mayWrite(opener, pending.declared.chat))) return { code: 'not-found' }
    const answer = await this.#tus.goOn(request, response, id)
    // The server may have ended between the last byte and what follows it.
    if (request.method === 'HEAD' && answer.ok && isWhole(answer.value)) {
      const done = await this.#finish(id)
      if (!done.ok) return done.error
    }
    return send(response, answer)
  }

  /** Deletes what was not finished in time. */
  async removeExpired(): Promise<void> {
    await this.#disk.deleteExpired()
  }

  #finish(id: string): Promise<Result<undefined, Failure>> {
    const running = this.#finishing.get(id)
    if (running !== undefined) return running
    const done = this.#complete(id).finally(() => this.#finishing.delete(id))
    this.#finishing.set(id, done)
    return done
  }

  async #complete(id: string): Promise<Result<undefined, Failure>> {
    const pending = await this.#pending(id)
    if (pending === undefined) return failure('not-found')
    const { path, size, declared } = pending
    const { returns, ...said } = declared
    const upload = { ...said, size, returns: returns !== undefined }
    const done = await this.#files.complete(path, upload)
    const final = done.ok || errorCatalogue[done.error.code].status < 500
    if (final) await this.#disk.remove(id).catch(() => {})
    return done
  }

  async #pending(id: string): Promise<Pending | undefined> {
    if (!ID.test(id)) return undefined
    const upload = await this.#disk.getUpload(id).catch(() => undefined)
    const declared = pendingSchema.safeParse(upload?.metadata)
    const { size, offset, storage } = upload ?? {}
    if (!declared.success || size === undefined || offset === undefined || storage === undefined)
      return undefined
    return { id, path: storage.path, size, offset, declared: declared.data }
  }

  async #pendingOf(user: UserId): Promise<Pending[]> {
    const ids = (await this.#names.list()).filter((id) => id.startsWith(ownerPrefix(user)))
    const found = await Promise.all(ids.map((id) => this.#pending(id)))
    return found.filter((upload) => upload !== undefined)
  }
}

/** So that a person's uploads are found by their names. A user id says nothing as a hash. */
const ownerPrefix = (user: string): string =>
  `${createHash('sha256').update(user).digest('hex').slice(0, 20)}-`

const ID = /^[0-9a-f]{20}-[0-9a-f]{32}$/
const uploadId = (user: string): string => ownerPrefix(user) + randomBytes(16).toString('hex')

/** Whether all bytes are there. */
const isWhole = ({ headers }: TusAnswer): boolean =>
  headers.get('Upload-Offset') === headers.get('Upload-Length')

const send = (response: Response, answer: Result<TusAnswer, Failure>): Failure | undefined => {
  if (!answer.ok) return answer.error
  const { status, headers } = answer.value
  response.status(status).setHeaders(headers).end()
  return undefined
}
