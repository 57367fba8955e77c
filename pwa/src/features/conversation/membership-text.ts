import type { MembershipView } from '@wardline/core/client/model/views'

/** Names that a line spells out; a larger team is counted. */
const SPELLED = 5

/** "Ada", "Ada and Ben", "Ada, Ben and Cem", "Ada, Ben, Cem and 7 others". */
export const namesText = (names: readonly string[]): string => {
  const [first = '', ...rest] = names
  if (rest.length === 0) return first
  if (names.length > SPELLED) {
    const shown = names.slice(0, SPELLED - 2)
    return `${shown.join(', ')} and ${names.length - shown.length} others`
  }
  return `${names.slice(0, -1).join(', ')} and ${rest.at(-1)}`
}

/** Who came or went, and by whom. */
export const membershipText = ({ names, event, by }: MembershipView): string => {
  const who = namesText(names)
  if (event === 'created') return `${who} created the group`
  if (by === null) return event === 'joined' ? `${who} joined the chat` : `${who} left the chat`
  return event === 'joined' ? `${by} added ${who}` : `${by} removed ${who}`
}
