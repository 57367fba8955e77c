import type { ChatId, DeviceId, UserId } from '@wardline/core/base/ids'
import { maySee, type Scoped } from '../directory/chat-scope.ts'
import type { Directory } from '../directory/directory.ts'
import { apiDevice, type ChatCaller } from '../folds/chat-caller.ts'

/** Who asks. */
export interface Caller extends Scoped {
  readonly userId: UserId
  /** The device that the token names. */
  readonly device?: DeviceId
}

/** The caller's caller in a chat; undefined when there is no such chat, or they are not in it. */
export type FindCaller = (caller: Caller, chat: ChatId) => Promise<ChatCaller | undefined>

export const callersIn =
  (directory: Pick<Directory, 'chatOf'>): FindCaller =>
  async ({ userId, device, chats }, id) => {
    const chat = maySee({ chats }, id) ? await directory.chatOf(id) : undefined
    const member = chat?.members.find((one) => one.userId === userId)
    if (chat === undefined || member === undefined) return undefined
    return { user: userId, chat, index: member.index, device: device ?? apiDevice() }
  }
