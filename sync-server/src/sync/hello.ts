import type { DeviceId } from '@wardline/core/base/ids'
import type { ClientFrame } from '@wardline/core/protocol/frames'
import type { Lineage, Place } from '../storage/lineage.ts'
import type { Claims } from './ports.ts'

export type Hello = Extract<ClientFrame, { type: 'hello' }>

/** A token that names a device is good for that one alone. */
export const isOf = (claims: Claims, device: DeviceId): boolean =>
  claims.device === undefined || claims.device === device

/**
 * The change behind a hello's cursor; undefined when it says nothing here and now.
 *
 * @param now the latest sequence number
 */
export const readCursor = (
  hello: Pick<Hello, 'epoch' | 'cursor'>,
  { epoch, lineage }: { readonly epoch: string; readonly lineage: Lineage },
  now: number,
): Place | undefined => (hello.epoch === epoch ? lineage.locate(hello.cursor, now) : undefined)
