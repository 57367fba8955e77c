/** What a screen reader says about new incoming messages. */
import type { TimelineItem } from '@wardline/core/client/model/views'

/** More than this at once are counted, not read out. */
const READ_OUT = 3

export const announcement = (arrived: readonly TimelineItem[]): string => {
  const messages = arrived.flatMap((item) =>
    item.type === 'message' && !item.mine && !item.retracted ? [item] : [],
  )
  if (messages.length === 0) return ''
  if (messages.length <= READ_OUT)
    return messages
      .map(({ authorName, text, arrivedAt }) =>
        arrivedAt === null ? `${authorName}: ${text}` : `${authorName}, arrived late: ${text}`,
      )
      .join('\n')
  const authors = [...new Set(messages.map(({ authorName }) => authorName))]
  return `${messages.length} new messages from ${authors.join(', ')}`
}
