import type { Message } from './message.ts'

/** What is wrong with a date; '' when nothing is known to be. */
export const datedBeforeText = ({
  datedBefore,
  mine,
  authorName,
}: Pick<Message, 'datedBefore' | 'mine' | 'authorName'>): string => {
  if (datedBefore === null) return ''
  if (datedBefore === 'chat') return 'Dated before this chat began'
  return `Dated before ${mine ? 'you' : authorName || 'its author'} joined`
}
