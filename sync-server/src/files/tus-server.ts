/**
 * The tus library behind requests of Express. It has its own way to refuse; here that becomes a
 * failure like every other, and what it does not understand does not get to it.
 */
import { Readable } from 'node:stream'
import { type DataStore, ERRORS, Server, TUS_RESUMABLE } from '@tus/server'
import type { Request, Response } from 'express'
import type { ErrorCode, Failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'

/** What the protocol, and nothing else, says in headers. */
const HEADERS = [
  'tus-resumable',
  'upload-length',
  'upload-metadata',
  'upload-offset',
  'content-type',
  'content-length',
] as const

/** A new upload: its id, and what is kept of it. */
export interface NewUpload {
  readonly id: string
  readonly metadata: Record<string, string>
}

export interface TusAnswer {
  readonly status: number
  readonly headers: Headers
}

export interface TusServerOptions {
  readonly path: string
  readonly store: DataStore
  /** Bytes of a file. */
  readonly maxSize: number
  /** All bytes of an upload are there. */
  readonly finish: (id: string) => Promise<Result<undefined, Failure>>
}

export class TusServer {
  readonly #path: string
  readonly #server: Server
  readonly #begun = new WeakMap<object, NewUpload>()
  readonly #failures = new WeakMap<object, Failure>()

  constructor({ path, store, maxSize, finish }: TusServerOptions) {
    this.#path = path
    this.#server = new Server({
      path,
      datastore: store,
      maxSize,
      relativeLocation: true,
      // Which pages may ask is decided before it comes here.
      allowedOrigins: () => false,
      namingFunction: (request) => this.#beginning(request).id,
      onUploadCreate: async (request) => ({ metadata: this.#beginning(request).metadata }),
      onUploadFinish: async (request, { id }) => {
        const done = await finish(id)
        if (done.ok) return {}
        this.#failures.set(request, done.error)
        throw ERRORS.INVALID_LENGTH
      },
      onResponseError: (request, error) => {
        const failure = this.#failures.get(request) ?? failureOf(error)
        this.#failures.set(request, failure)
        return undefined
      },
    })
  }

  /** Begins an upload without bytes. */
  create(
    request: Request,
    response: Response,
    upload: NewUpload,
  ): Promise<Result<TusAnswer, Failure>> {
    const web = webRequest(request, response, this.#path)
    this.#begun.set(web, upload)
    return this.#handle(request, web)
  }

  /** Asks after an upload, goes on with it or gives it up. */
  goOn(request: Request, response: Response, id: string): Promise<Result<TusAnswer, Failure>> {
    return this.#handle(request, webRequest(request, response, `${this.#path}/${id}`))
  }

  async #handle(request: Request, web: globalThis.Request): Promise<Result<TusAnswer, Failure>> {
    const { status, headers } = await this.#server.handleWeb(web)
    if (status < 400) return ok({ status, headers })
    // Who is gone gets no answer, and is no reason for an error in the log.
    if (request.socket.destroyed) return err({ code: 'upload-offset' })
    return err(this.#failures.get(web) ?? { code: codeOf(status) })
  }

  #beginning(request: object): NewUpload {
    const begun = this.#begun.get(request)
    if (begun === undefined) throw new Error('an upload that was not checked')
    return begun
  }
}

/** Whether a request speaks the version of the protocol that the server speaks. */
export const speaksTus = (request: Request): boolean =>
  request.get('Tus-Resumable') === TUS_RESUMABLE

/** Says which version that is; the protocol wants it in every answer. */
export const sayVersion = (response: Response): void => {
  response.set({ 'Tus-Resumable': TUS_RESUMABLE, 'Tus-Version': TUS_RESUMABLE })
}

const webRequest = (request: Request, response: Response, path: string): globalThis.Request => {
  const headers = new Headers()
  for (const name of HEADERS) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const web = new globalThis.Request(`http://localhost${path}`, { method: request.method, headers })
  return Object.defineProperties(web, {
    // Only when it is read: what nobody takes up of a request that is refused, Node throws away.
    body: { get: () => Readable.toWeb(request) },
    // By these the library notices that the line was cut.
    runtime: { value: { name: 'node', node: { req: request, res: response } } },
  })
}

const failureOf = (error: unknown): Failure => {
  if (error === ERRORS.ABORTED) return { code: 'upload-offset' }
  if (error === ERRORS.FILE_WRITE_ERROR) return { code: 'store-unavailable' }
  if (error === ERRORS.ERR_LOCK_TIMEOUT) return { code: 'server-busy', retryAfter: 1 }
  const status =
    typeof error === 'object' && error !== null && 'status_code' in error ? error.status_code : 500
  return { code: codeOf(typeof status === 'number' ? status : 500) }
}

const codeOf = (status: number): ErrorCode => {
  if (status >= 500 && status !== 501) return 'internal'
  return codes[status] ?? 'bad-request'
}
const codes: Readonly<Record<number, ErrorCode | undefined>> = {
  404: 'not-found',
  409: 'upload-offset',
  410: 'not-found',
  412: 'upload-version',
  413: 'file-too-large',
}
