/** A caller in one of their chats. */

import type { MemberIndex } from '@wardline/core/base/client-id'
import { type DeviceId, parseDeviceId, type UserId } from '@wardline/core/base/ids'
import type { Chat } from '../directory/chat-record.ts'

export interface ChatCaller {
  readonly user: UserId
  readonly chat: Chat
  readonly index: MemberIndex
  /** Which of the caller's devices writes. */
  readonly device: DeviceId
}

/** Since when somebody who is in the chat is in it, ms; undefined for those who are not. */
export const sinceOf = (chat: Chat, index: MemberIndex): number | undefined =>
  chat.members.find((member) => member.index === index)?.since

/** Whoever has, or had, an index in the chat. */
export const userAt = (chat: Chat, index: MemberIndex): string | undefined =>
  [...chat.members, ...(chat.group?.former ?? [])].find((member) => member.index === index)?.userId

/** What callers write as whose token names no device. */
export const apiDevice = (): DeviceId => {
  const device = parseDeviceId('httpinterface')
  if (device === undefined) throw new Error('a device id')
  return device
}
