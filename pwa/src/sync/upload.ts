/** Sends a file by tus, which goes on where it was after any interruption. */
import type { UploadJob, UploadOutcome } from '@wardline/core/client/files/file-transfer'
import { DetailedError, type HttpRequest, Upload } from 'tus-js-client'
import { codeIn } from './error-code.ts'

const uploads = '/api/files/uploads'
/** What goes in one request, bytes: so much at most is sent twice after a break without a trace. */
const piece = 4 * 1024 * 1024

export interface UploadSession {
  /** The access token of the moment. */
  token(): Promise<string>
  /** The server refused the token. */
  dropToken(): void
}

export const send = (job: UploadJob, { token, dropToken }: UploadSession): Promise<UploadOutcome> =>
  new Promise((resolve) => {
    const { chat, attachment, bytes } = job
    if (!(bytes instanceof Blob)) return resolve({ kind: 'refused', code: 'file-lost' })
    const { hash, name, type } = attachment
    const upload = new Upload(bytes, {
      endpoint: new URL(uploads, location.href).href,
      uploadUrl: job.location,
      metadata: { chat, hash, name, type, ...(job.returns && { returns: '1' }) },
      chunkSize: piece,
      // The queue decides when to try again.
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: async (request: HttpRequest) =>
        request.setHeader('Authorization', `Bearer ${await token()}`),
      onUploadUrlAvailable: () => {
        if (upload.url !== null && upload.url !== job.location) job.begun(upload.url)
      },
      onProgress: (sent) => job.progress(sent),
      onSuccess: () => resolve({ kind: 'done' }),
      onError: (error) => {
        const outcome = failureOf(error)
        if (outcome === 'unauthorized') dropToken()
        resolve(outcome === 'unauthorized' ? { kind: 'unreachable' } : outcome)
      },
    })
    job.signal.addEventListener('abort', () => {
      resolve({ kind: 'unreachable' })
      void upload.abort()
    })
    upload.start()
  })

/** Codes with which the server says that it will not take a file, now or later. */
const final = new Set([
  'file-too-large',
  'file-type-refused',
  'file-damaged',
  'not-found',
  'quota-full',
])

const failureOf = (error: Error | DetailedError): UploadOutcome | 'unauthorized' => {
  const response = error instanceof DetailedError ? error.originalResponse : null
  if (response?.getStatus() === 401) return 'unauthorized'
  const code = codeIn(response?.getBody())
  return code !== undefined && final.has(code) ? { kind: 'refused', code } : { kind: 'unreachable' }
}
