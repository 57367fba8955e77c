/** A person's devices, and their password. They are the server's, so all of this needs the network. */
import type { GetToken } from '@wardline/core/client/model/ports'
import { browserFetch, type Fetch, type HttpAnswer, type Method, request } from './http.ts'

export interface ListedDevice {
  id: string
  /** null when nobody has named it. */
  name: string | null
  /** ms. */
  signedInAt: number
  /** When it was connected last, to some minutes, ms. */
  seenAt: number
  /** The one that this is. */
  current: boolean
}

/** Refusals carry words for the person. */
export type DeviceResult = { ok: true } | { ok: false; message: string }
export type DeviceList =
  | { ok: true; devices: readonly ListedDevice[] }
  | { ok: false; message: string }

/** Nothing rejects. */
export interface DevicesApi {
  list: () => Promise<DeviceList>
  rename: (id: string, name: string) => Promise<DeviceResult>
  remove: (id: string) => Promise<DeviceResult>
  signOutEverywhere: () => Promise<DeviceResult>
  /** All other devices have to sign in with the new one. */
  changePassword: (current: string, next: string) => Promise<DeviceResult>
}

export interface DevicesApiOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
  send?: Fetch
}

type Problem = { ok: false; message: string }

const unreachable: Problem = {
  ok: false,
  message: 'This needs a connection. Try again when you are online.',
}
const signedOut: Problem = { ok: false, message: 'Sign in again to do this.' }

export const devicesApi = ({
  getToken,
  dropToken,
  send = browserFetch,
}: DevicesApiOptions): DevicesApi => {
  const ask = async (
    method: Method,
    path: string,
    body?: unknown,
    again = true,
  ): Promise<{ ok: true; body: unknown } | Problem> => {
    const token = await getToken()
    if (token.kind === 'unreachable') return unreachable
    if (token.kind === 'signed-out') return signedOut
    const answer = await request(send, method, `/api/auth/${path}`, {
      token: token.token,
      ...(body !== undefined && { body }),
    })
    if (answer.kind === 'answer') return { ok: true, body: answer.body }
    if (answer.kind !== 'unauthorized') return problemOf(answer)
    dropToken()
    return again ? await ask(method, path, body, false) : signedOut
  }
  const change = async (...call: Parameters<typeof ask>): Promise<DeviceResult> => {
    const answer = await ask(...call)
    return answer.ok ? { ok: true } : answer
  }
  return {
    list: async () => {
      const answer = await ask('GET', 'devices')
      if (!answer.ok) return answer
      const devices = devicesIn(answer.body)
      return devices === undefined ? unreachable : { ok: true, devices }
    },
    rename: (id, name) => change('PATCH', `devices/${encodeURIComponent(id)}`, { name }),
    remove: async (id) => {
      const answer = await ask('DELETE', `devices/${encodeURIComponent(id)}`)
      // It is gone already: all that was asked for.
      return answer.ok || answer === gone ? { ok: true } : answer
    },
    signOutEverywhere: () => change('POST', 'sign-out-everywhere'),
    changePassword: (current, next) => change('PUT', 'password', { current, next }),
  }
}

const gone: Problem = { ok: false, message: 'This device was removed already.' }

const problemOf = (answer: Exclude<HttpAnswer, { kind: 'answer' | 'unauthorized' }>): Problem => {
  switch (answer.kind) {
    case 'refused':
      return answer.code === 'device-not-found' ? gone : { ok: false, message: textOf(answer) }
    case 'throttled':
      return { ok: false, message: 'Too many attempts. Wait a few minutes and try again.' }
    case 'unreachable':
      return unreachable
  }
}

const textOf = ({ code, message }: { code: string; message: string }): string => {
  switch (code) {
    case 'wrong-password':
      return 'That is not your current password.'
    case 'password-too-short':
      return 'Choose a password of at least 10 characters.'
    case 'password-easy-to-guess':
      return 'This password is easy to guess. Several words that do not belong together are better.'
    default:
      return message
  }
}

/** What the server listed; undefined for what is no answer of it. */
export const devicesIn = (body: unknown): ListedDevice[] | undefined => {
  const { devices } = (body ?? {}) as { devices?: unknown }
  if (!Array.isArray(devices)) return undefined
  return devices.flatMap((each: unknown): ListedDevice[] => {
    const { id, name, signedInAt, seenAt, current } = (each ?? {}) as Record<string, unknown>
    if (typeof id !== 'string' || typeof signedInAt !== 'number' || typeof seenAt !== 'number')
      return []
    const shown = typeof name === 'string' ? name : null
    return [{ id, name: shown, signedInAt, seenAt, current: current === true }]
  })
}
