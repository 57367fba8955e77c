import type { ChatId, DeviceId, UserId } from '@wardline/core/base/ids'
import type { Directory } from '../directory/directory.ts'
import { apiDevice, type Seat } from '../folds/seat.ts'

/** Who asks. */
export interface Caller {
  readonly userId: UserId
  /** The device that the token names. */
  readonly device?: DeviceId
}

/** The caller's seat in a chat; undefined when there is no such chat, or they are not in it. */
export type FindSeat = (caller: Caller, chat: ChatId) => Promise<Seat | undefined>

export const seatsIn =
  (directory: Pick<Directory, 'chatOf'>): FindSeat =>
  async ({ userId, device }, id) => {
    const chat = await directory.chatOf(id)
    const member = chat?.members.find((one) => one.userId === userId)
    if (chat === undefined || member === undefined) return undefined
    return { user: userId, chat, index: member.index, device: device ?? apiDevice() }
  }
