/**
 * A push service and the browser behind it: takes requests over http on this machine, and decrypts
 * what they carry with its own reading of RFC 8291 and RFC 8188.
 */
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Delivered {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** When it had come, ms. */
  readonly at: number
}

/** What a browser would hand to its server. */
export interface BrowserKeys {
  readonly curve: ECDH
  readonly auth: Buffer
  readonly json: { readonly p256dh: string; readonly auth: string }
}

export const newBrowserKeys = (): BrowserKeys => {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  const auth = randomBytes(16)
  return {
    curve,
    auth,
    json: { p256dh: curve.getPublicKey('base64url'), auth: auth.toString('base64url') },
  }
}

export class PushReceiver {
  readonly delivered: Delivered[] = []
  /** Statuses of the next answers; 201 when there is none. */
  readonly answers: number[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<PushReceiver> {
    const server = createServer()
    const receiver = new PushReceiver(server)
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { url = '', headers } = request
      receiver.delivered.push({ path: url, headers, body: Buffer.concat(chunks), at: Date.now() })
      response.writeHead(receiver.answers.shift() ?? 201).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return receiver
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

const hkdf = (salt: Buffer, key: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length))

/** The text of an aes128gcm message of one record. */
export const decryptPush = ({ curve, auth }: BrowserKeys, message: Buffer): string => {
  const salt = message.subarray(0, 16)
  const recordSize = message.readUInt32BE(16)
  const keyEnd = 21 + message.readUInt8(20)
  const sender = message.subarray(21, keyEnd)
  const record = message.subarray(keyEnd)
  if (record.length > recordSize) throw new Error('more than one record')
  const own = curve.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own, sender])
  const secret = hkdf(auth, curve.computeSecret(sender), info, 32)
  const key = hkdf(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createDecipheriv('aes-128-gcm', key, nonce)
  cipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()])
  const end = padded.lastIndexOf(2)
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('padding')
  return padded.subarray(0, end).toString()
}

/** Checks `vapid t=<jwt>, k=<key>` as a push service does, and gives its claims. */
export const checkVapid = (
  header: string,
  publicKey: string,
): { aud: string; exp: number; sub: string } => {
  const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
  if (key !== publicKey) throw new Error(`another key: ${header}`)
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const isGood = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isGood) throw new Error('the signature is wrong')
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string }
  if (alg !== 'ES256') throw new Error(`signed with ${alg}`)
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}
