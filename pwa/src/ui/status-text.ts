import type { MessageStatus } from '@wardline/core/client/model/views'

/** How a status is said. */
export const statusText: Record<MessageStatus, string> = {
  waiting: 'Waiting to send',
  stored: 'Stored',
  delivered: 'Delivered',
  read: 'Read',
}
