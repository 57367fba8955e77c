/** The pictures of a chat, in the order of its messages. */
import type { Attachment } from '@wardline/core/chat/attachment'
import type { TimelineItem } from '@wardline/core/client/model/views'
import { kindOf } from './kinds.ts'

export interface ChatPicture {
  /** Unique in the chat: the message's key, and which of its pictures. */
  id: string
  attachment: Attachment
  /** Who sent it; "You" for the person of this device. */
  sender: string
  at: number
}

export const imagesOf = (attachments: readonly Attachment[]): readonly Attachment[] =>
  attachments.filter((file) => kindOf(file) === 'image')

export const picturesIn = (items: readonly TimelineItem[]): readonly ChatPicture[] =>
  items.flatMap((item) =>
    item.type !== 'message' || item.retracted
      ? []
      : imagesOf(item.attachments).map((attachment, at) => ({
          id: `${item.key}/${at}`,
          attachment,
          sender: item.mine ? 'You' : item.authorName,
          at: item.at,
        })),
  )

/** Which of the pictures this is. How many there are in all is not known while there are older ones. */
export const positionText = (at: number, count: number, hasOlder: boolean): string =>
  hasOlder || count < 2 ? '' : `${at + 1} of ${count}`
