import type { DeviceId } from '@wardline/core/ids/ids'
import type { ClientFrame } from '@wardline/core/protocol/frames'
import type { Claims } from './ports.ts'

export type Hello = Extract<ClientFrame, { type: 'hello' }>

/** A token that names a device is good for that one alone. */
export const isOf = (claims: Claims, device: DeviceId): boolean =>
  claims.device === undefined || claims.device === device

/**
 * The sequence number behind a hello's cursor; undefined when it says nothing here and now.
 *
 * @param now the latest sequence number: a cursor beyond it is of a store that was restored
 */
export const readCursor = (hello: Hello, epoch: string, now: number): number | undefined => {
  if (hello.epoch !== epoch || !/^\d{1,15}$/.test(hello.cursor)) return undefined
  const since = Number(hello.cursor)
  return since <= now ? since : undefined
}
