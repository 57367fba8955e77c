/**
 * Uploads under way, by the tus protocol: the library writes what comes into DATA_DIR/uploads, and
 * knows after any interruption how much is there. What is said about a file is checked before its
 * first byte is taken, and what came after its last.
 */
import { createHash, randomBytes } from 'node:crypto'
import { FileConfigstore, FileStore } from '@tus/file-store'
import { Metadata, Server, type Upload } from '@tus/server'
import { Serial } from '@wardline/core/client/serial'
import { type ChatId, parseChatId, type UserId } from '@wardline/core/ids/ids'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { userIdSchema } from '../directory/user.ts'
import { errorCatalogue, type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import {
  MAX_FILE_BYTES,
  MAX_PENDING_BYTES,
  MAX_PENDING_UPLOADS,
  UPLOAD_LIFETIME,
} from './file-limits.ts'
import { hashSchema } from './file-record.ts'
import type { Files } from './files.ts'

export const UPLOADS_PATH = '/api/files/uploads'
/** Of bytes that come with the request that begins an upload: an extension that is not offered. */
const BYTES_TYPE = 'application/offset+octet-stream'

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
})
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
  readonly #tus: Server
  /** What was checked of requests on their way through the library. */
  readonly #begun = new WeakMap<object, Declared>()
  /** By user: what counts the uploads under way must not miss one that is being begun. */
  readonly #beginners = new Serial<UserId>()

  /** @param folder for what is not complete */
  constructor(folder: string, files: Files) {
    this.#files = files
    this.#names = new FileConfigstore(folder)
    this.#disk = new FileStore({
      directory: folder,
      configstore: this.#names,
      expirationPeriodInMilliseconds: UPLOAD_LIFETIME,
    })
    this.#tus = new Server({
      path: UPLOADS_PATH,
      datastore: this.#disk,
      maxSize: MAX_FILE_BYTES,
      relativeLocation: true,
      // Which pages may ask is decided before it comes here.
      allowedOrigins: () => false,
      namingFunction: (request) => uploadId(this.#beginning(request).owner),
      onUploadCreate: async (request) => ({ metadata: this.#beginning(request) }),
      onUploadFinish: async (_request, upload) => {
        const done = await this.#complete(upload)
        if (!done.ok) throw tusFailure(done.error)
        return {}
      },
    })
  }

  /** Begins an upload. Its metadata then says whose it is. */
  async create(user: UserId, request: Request, response: Response): Promise<Failure | undefined> {
    const declared = declaredSchema.safeParse(parseMetadata(request.get('Upload-Metadata')))
    const size = Number(request.get('Upload-Length') ?? Number.NaN)
    if (!declared.success || !Number.isSafeInteger(size) || size < 0) return { code: 'bad-request' }
    // Others of the same person wait for this one, which must not wait for bytes.
    if (request.is(BYTES_TYPE) === BYTES_TYPE) return { code: 'bad-request' }
    if (size > MAX_FILE_BYTES) return { code: 'file-too-large' }
    if (!(await this.#files.mayWrite(user, declared.data.chat))) return { code: 'not-found' }
    return this.#beginners.run(user, async () => {
      const pending = await this.#pendingOf(user)
      const bytes = pending.reduce((sum, upload) => sum + upload.size, size)
      if (pending.length >= MAX_PENDING_UPLOADS || bytes > MAX_PENDING_BYTES)
        return { code: 'too-many-uploads', retryAfter: 60 }
      this.#begun.set(request, { ...declared.data, owner: user })
      await this.#tus.handle(request, response)
      return undefined
    })
  }

  /** Asks after an upload, goes on with it or gives it up. Others' uploads are not there. */
  async goOn(
    user: UserId,
    id: string,
    request: Request,
    response: Response,
  ): Promise<Failure | undefined> {
    const pending = id.startsWith(ownerPrefix(user)) ? await this.#pending(id) : undefined
    if (pending === undefined) return { code: 'not-found' }
    if (!(await this.#files.mayWrite(user, pending.declared.chat))) return { code: 'not-found' }
    // The server may have ended between the last byte and what follows it.
    if (request.method === 'HEAD' && pending.offset === pending.size) {
      const done = await this.#complete(pending)
      if (!done.ok) return done.error
      response.set({
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': String(pending.size),
        'Upload-Length': String(pending.size),
      })
      response.status(200).end()
      return undefined
    }
    await this.#tus.handle(request, response)
    return undefined
  }

  /** Deletes what was not finished in time. */
  async removeExpired(): Promise<void> {
    await this.#tus.cleanUpExpiredUploads()
  }

  /** Of the request that the library made of one of Node's. */
  #beginning(request: globalThis.Request & { runtime?: { node?: { req: object } } }): Declared {
    const begun = this.#begun.get(request.runtime?.node?.req ?? request)
    if (begun === undefined) throw new Error('an upload that was not checked')
    return begun
  }

  async #complete({ id }: Pick<Upload, 'id'>): Promise<Result<undefined, Failure>> {
    const pending = await this.#pending(id)
    if (pending === undefined) return failure('not-found')
    const { path, size, declared } = pending
    const done = await this.#files.complete(path, { ...declared, size })
    const final = done.ok || errorCatalogue[done.error.code].status < 500
    if (final) await this.#disk.remove(id).catch(() => {})
    return done.ok ? ok(undefined) : done
  }

  async #pending(id: string): Promise<Pending | undefined> {
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

const uploadId = (user: string): string => ownerPrefix(user) + randomBytes(16).toString('hex')

const parseMetadata = (header: string | undefined): unknown => {
  try {
    return Metadata.parse(header)
  } catch {
    return undefined
  }
}

/** As the library answers what a hook throws. */
const tusFailure = ({ code }: Failure): { status_code: number; body: string } => {
  const { status, meaning } = errorCatalogue[code]
  return { status_code: status, body: JSON.stringify({ error: { code, message: meaning } }) }
}
