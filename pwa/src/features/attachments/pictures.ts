/** The pictures of a chat, in the order of its messages. */
import type { Attachment } from '@wardline/core/chat/attachment'
import { readOutgoingKey } from '@wardline/core/client/model/message-key'
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

/**
 * Where the picture with this id is; -1: it is gone. A message that was on its way has another key
 * once it is sent, and so its pictures have other ids.
 *
 * @param last the picture as it was shown last
 */
export const indexOfShown = (
  pictures: readonly ChatPicture[],
  id: string,
  last: ChatPicture | undefined,
): number => {
  const at = pictures.findIndex((picture) => picture.id === id)
  if (at >= 0 || last === undefined || readOutgoingKey(id) === undefined) return at
  return pictures.findLastIndex(
    ({ sender, attachment }) => sender === last.sender && attachment.hash === last.attachment.hash,
  )
}
