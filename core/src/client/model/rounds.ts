/** What a device has ready for the rounds. */
import type { ChatId } from '../../base/ids.ts'

/** When the device had all of each chat, ms. */
export type AsOf = readonly { chat: ChatId; at: number }[]

/** Numbers of recent files of the chats on the rounds. */
export interface RecentFileCounts {
  /** Not on the device yet. */
  missing: number
  /** Too many to be kept. */
  omitted: number
}
