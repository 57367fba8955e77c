/** Joins and leaves of a group as lines of its timeline. */
import type { ChatSys, SysEvent } from '../chat/sys.ts'
import type { Chat } from './chat-book.ts'
import type { TimelineItem } from './views.ts'

type Event = ChatSys['events'][number]
type Line = Extract<TimelineItem, { type: 'membership' }>

/** One line for those whom the same person took in at once. */
export const membershipLines = (chat: Chat, events: readonly Event[]): TimelineItem[] => {
  const lines: Line[] = []
  let before: Event | undefined
  for (const event of events) {
    const last = lines.at(-1)
    if (last !== undefined && before !== undefined && isSameAct(before, event))
      lines[lines.length - 1] = { ...last, names: [...last.names, event.name] }
    else
      lines.push({
        type: 'membership',
        key: `event/${event.n}`,
        at: event.at,
        names: [event.name],
        event: event.event,
        by: chat.members.find(({ id }) => id === event.by)?.name ?? null,
      })
    before = event
  }
  return lines
}

const isSameAct = (one: SysEvent, other: SysEvent): boolean =>
  one.at === other.at && one.event === other.event && one.by === other.by
