/** Sessions as a person sees them: the devices that they are signed in on. */
import type { SessionRecord, SignInMethod } from './session-record.ts'

/** Nothing of where a device is: an address tells more of somebody than it helps to tell devices. */
export interface DeviceSession {
  /** Of the session. */
  readonly id: string
  /** Undefined when neither the device nor the person has said one. */
  readonly name: string | undefined
  readonly method: SignInMethod
  /** Milliseconds since 1970. */
  readonly signedInAt: number
  /** When it renewed its token last, which it does every few minutes while it is connected; ms. */
  readonly seenAt: number
}

/** @param now ms since 1970; nothing is said to have happened after it */
export const listDevices = (
  sessions: ReadonlyMap<string, SessionRecord>,
  now: number,
): readonly DeviceSession[] =>
  [...sessions]
    .map(([id, { name, method, createdAt, rotatedAt }]) => ({
      id,
      name: name ?? undefined,
      method,
      signedInAt: Math.min(createdAt, now),
      seenAt: Math.min(rotatedAt, now),
    }))
    .sort((a, b) => b.seenAt - a.seenAt)
