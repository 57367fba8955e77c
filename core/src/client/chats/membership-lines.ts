/** Joins and leaves of a group as lines of its timeline. */
import type { ChatSys, SysEvent } from '../../chat/sys.ts'
import type { TimelineItem } from '../model/views.ts'
import type { Chat } from './chat-registry.ts'
import { nameIn } from './member-names.ts'

type Event = ChatSys['events'][number]
type Line = Extract<TimelineItem, { type: 'membership' }>

/** One line for those whom the same person took in at once. */
export const membershipLines = (chat: Chat, events: readonly Event[]): TimelineItem[] => {
  const lines: Line[] = []
  let before: Event | undefined
  for (const event of events) {
    const last = lines.at(-1)
    if (last !== undefined && before !== undefined && !isMaking(before) && isSameAct(before, event))
      lines[lines.length - 1] = { ...last, names: [...last.names, nameOf(chat, event)] }
    else
      lines.push({
        type: 'membership',
        key: `event/${event.n}`,
        at: event.at,
        names: [nameOf(chat, event)],
        event: isMaking(event) ? 'created' : event.event,
        by: byWhom(chat, event),
      })
    before = event
  }
  return lines
}

/** As they are now, if they are known; an event has the name of then. */
const nameOf = (chat: Chat, { index, name }: SysEvent): string => nameIn(chat, index) || name

const byWhom = (chat: Chat, { by }: SysEvent): string | null => {
  const member = chat.members.find(({ id }) => id === by)
  return member === undefined ? null : nameIn(chat, member.index)
}

/** The first to be in a group is who made it. */
const isMaking = ({ n, event, by }: Event): boolean =>
  n === 1 && event === 'joined' && by === undefined

const isSameAct = (one: SysEvent, other: SysEvent): boolean =>
  one.at === other.at && one.event === other.event && one.by === other.by
