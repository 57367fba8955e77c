/** Files over real HTTP: an upload in pieces, as the protocol has it. */
import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'

export const CHAT = 'dm.pat-morgan.dr-ada'
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** Text of so many bytes, no two lines the same. */
export const textOf = (size: number): Uint8Array => {
  const lines: string[] = []
  for (let length = 0, n = 0; length < size; n++) {
    const line = `Line ${n} of a long letter to the doctor.\n`
    lines.push(line)
    length += line.length
  }
  return new TextEncoder().encode(lines.join('').slice(0, size))
}

export interface Declared {
  chat?: string
  hash?: string
  name?: string
  type?: string
  size?: number
}

/** What an upload says about its file. */
export const metadataOf = ({
  chat = CHAT,
  hash = sha256(textOf(5_000)),
  name = 'letter.txt',
  type = 'text/plain',
}: Declared = {}): string =>
  Object.entries({ chat, hash, name, type })
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

/** One person's requests. */
export class FileCaller {
  readonly url: () => string
  readonly token: string

  constructor(url: () => string, token: string) {
    this.url = url
    this.token = token
  }

  static async signIn(url: () => string, email: string): Promise<FileCaller> {
    const response = await fetch(`${url()}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: DEMO_PASSWORD }),
    })
    const { accessToken } = (await response.json()) as { accessToken: string }
    return new FileCaller(url, accessToken)
  }

  fetch(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.token}`, ...init.headers }
    return fetch(this.url() + path, { ...init, method, headers })
  }

  create(bytes: Uint8Array, declared: Declared = {}): Promise<Response> {
    return this.fetch('POST', '/api/files/uploads', {
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': String(declared.size ?? bytes.length),
        'Upload-Metadata': metadataOf({ hash: sha256(bytes), ...declared }),
      },
    })
  }

  patch(location: string, offset: number, bytes: Uint8Array): Promise<Response> {
    return this.fetch('PATCH', location, { headers: patchHeaders(offset), body: bytes as BodyInit })
  }

  /** Sends a part of a piece; the rest never comes. Returns how to cut the line. */
  patchInPart(location: string, piece: Uint8Array, part: number): () => void {
    const headers = {
      ...patchHeaders(0),
      Authorization: `Bearer ${this.token}`,
      'Content-Length': String(piece.length),
    }
    const request = httpRequest(this.url() + location, { method: 'PATCH', headers })
    request.on('error', () => {})
    request.write(piece.subarray(0, part))
    return () => request.destroy()
  }

  async offset(location: string): Promise<number> {
    const response = await this.fetch('HEAD', location, { headers: { 'Tus-Resumable': '1.0.0' } })
    return response.ok ? Number(response.headers.get('Upload-Offset')) : -response.status
  }

  async upload(bytes: Uint8Array, declared?: Declared): Promise<Response> {
    const created = await this.create(bytes, declared)
    if (!created.ok) return created
    return this.patch(created.headers.get('Location') ?? '', 0, bytes)
  }

  file(method: string, hash: string, chat = CHAT, init?: RequestInit): Promise<Response> {
    return this.fetch(method, `/api/files/${chat}/${hash}`, init)
  }
}

const patchHeaders = (offset: number) => ({
  'Tus-Resumable': '1.0.0',
  'Upload-Offset': String(offset),
  'Content-Type': 'application/offset+octet-stream',
})

export const codeOf = async (response: Response): Promise<string> => {
  const { error } = (await response.json()) as { error?: { code?: string } }
  return error?.code ?? ''
}
