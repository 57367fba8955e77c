/** Files to the server and from it, with the access token of the moment on every request. */

import { type ChatId, parseChatId } from '@wardline/core/base/ids'
import type {
  DownloadOutcome,
  FileTransfer,
  LostFile,
  UploadJob,
  UploadOutcome,
} from '@wardline/core/client/files/file-transfer'
import type { GetToken } from '@wardline/core/client/model/ports'
import { hashOf } from '../base/hash-of.ts'
import { codeIn } from './error-code.ts'

export interface FileTransferOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
}

/** How long a request without a body may take, ms. */
const patience = 15_000

const pathOf = (chat: ChatId, hash: string): string => `/api/files/${chat}/${hash}`

export const fileTransfer = ({ getToken, dropToken }: FileTransferOptions): FileTransfer => {
  const token = async (): Promise<string> => {
    const answer = await getToken()
    if (answer.kind !== 'token') throw new Error(answer.kind)
    return answer.token
  }

  const ask = async (method: string, path: string, signal?: AbortSignal): Promise<Response> => {
    const response = await fetch(path, {
      method,
      headers: { Authorization: `Bearer ${await token()}` },
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      ...(signal && { signal }),
    })
    if (response.status === 401) dropToken()
    return response
  }

  /** Whether the chat has the file already, so that no byte of it has to go. */
  const claim = async ({ chat, attachment }: UploadJob): Promise<UploadOutcome | undefined> => {
    try {
      const { ok, status } = await ask(
        'PUT',
        pathOf(chat, attachment.hash),
        AbortSignal.timeout(patience),
      )
      if (ok) return { kind: 'done' }
      return status === 404 ? undefined : { kind: 'unreachable' }
    } catch {
      return { kind: 'unreachable' }
    }
  }

  /** The way to send is a file of its own: few send anything, and nobody while the app starts. */
  const send = async (job: UploadJob): Promise<UploadOutcome> => {
    const sender = await import('./upload.ts').catch(() => undefined)
    if (sender === undefined || job.signal.aborted) return unreachable
    return sender.send(job, { token, dropToken })
  }

  return {
    async upload(job) {
      // A claim is by who needs it for a message.
      const claimed = job.returns ? undefined : await claim(job)
      return claimed ?? (job.signal.aborted ? unreachable : send(job))
    },

    async discard(location) {
      try {
        const headers = { Authorization: `Bearer ${await token()}`, 'Tus-Resumable': '1.0.0' }
        await fetch(location, { method: 'DELETE', headers, redirect: 'error' })
      } catch {
        // It expires by itself.
      }
    },

    async delete(chat, hash) {
      try {
        const { ok, status } = await ask(
          'DELETE',
          pathOf(chat, hash),
          AbortSignal.timeout(patience),
        )
        return ok || status === 404 ? { kind: 'done' } : unreachable
      } catch {
        return unreachable
      }
    },

    async download(chat, hash, size, progress, signal): Promise<DownloadOutcome> {
      const abort = new AbortController()
      signal?.addEventListener('abort', () => abort.abort())
      try {
        const response = await ask('GET', pathOf(chat, hash), abort.signal)
        if (response.status === 404)
          return { kind: codeIn(await response.text()) === 'file-lost' ? 'damaged' : 'gone' }
        if (!response.ok || response.body === null) return unreachable
        const bytes = await collect(response.body, size, progress)
        if (bytes !== undefined) return { kind: 'done', bytes }
        abort.abort()
        return { kind: 'gone' }
      } catch {
        return unreachable
      }
    },

    async lost() {
      try {
        const response = await ask('GET', '/api/files/lost', AbortSignal.timeout(patience))
        return response.ok ? readLost(await response.json()) : []
      } catch {
        return []
      }
    },

    async hashOf(bytes) {
      try {
        return await hashOf(await bytes.arrayBuffer())
      } catch {
        return ''
      }
    },
  }
}

/** What is of no such shape is left out. */
const readLost = (answer: unknown): LostFile[] => {
  if (typeof answer !== 'object' || answer === null || !('files' in answer)) return []
  const { files } = answer
  return Array.isArray(files) ? files.flatMap(readLostFile) : []
}

const readLostFile = (file: unknown): LostFile[] => {
  if (typeof file !== 'object' || file === null) return []
  const { chat: id, hash, name, type, size } = file as Record<string, unknown>
  const chat = typeof id === 'string' ? parseChatId(id) : undefined
  if (chat === undefined || typeof hash !== 'string' || typeof name !== 'string') return []
  if (typeof type !== 'string' || typeof size !== 'number') return []
  return [{ chat, hash, name, type, size }]
}

const unreachable = { kind: 'unreachable' } as const

/** Undefined for more than `most` bytes: whoever sent it lied, and what comes by itself is small. */
const collect = async (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  most: number,
  progress: (received: number) => void,
): Promise<Blob | undefined> => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let received = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Blob(parts)
    parts.push(value)
    received += value.length
    if (received > most) return undefined
    progress(received)
  }
}
