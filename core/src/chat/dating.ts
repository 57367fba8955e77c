/**
 * What the times of a message say together. Its own is its author's, whose clock may be wrong and
 * who may say what they like; when it came is the server's word, and nothing comes before there is
 * a chat and its author is in it.
 */
import type { Message } from './page.ts'

/** So long before, ms: a chat may be begun, and written in, where there is no network. */
const BEFORE = 24 * 60 * 60_000

/** How far ahead of the server's clock a time may be, ms. */
export const MAX_AHEAD = 24 * 60 * 60 * 1000

/** What a message is dated before. */
export type DatedBefore = 'chat' | 'membership'

type Dated = Pick<Message, 'at' | 'arrivedAt'>

/** When there was something new by it, ms: for lists, in which what is new comes first. */
export const activityOf = ({ at, arrivedAt }: Dated): number => arrivedAt ?? at

/** The message of a page by which there was something new last; of several, the last on screen. */
export const latestOf = (messages: readonly Message[]): Message | undefined => {
  // Among those whose own times are right, the order knows better than the clocks.
  let latest = messages.findLast(({ arrivedAt }) => arrivedAt === null)
  for (const message of messages)
    if (message.arrivedAt !== null && message.arrivedAt >= (latest ? activityOf(latest) : 0))
      latest = message
  return latest
}

/**
 * Whether a message says it was written when there can have been no such message.
 *
 * @param began when the chat began, ms; 0 when that is not known
 * @param since when its author joined, ms; undefined when they always were in it, or are not now
 */
export const datedBefore = (
  { at, arrivedAt }: Dated,
  began: number,
  since: number | undefined,
): DatedBefore | null => {
  if (at < began - BEFORE) return 'chat'
  // What came in an earlier membership of theirs is older than this one by right.
  const isOfNow = since !== undefined && arrivedAt !== null && arrivedAt >= since
  return isOfNow && at < since - BEFORE ? 'membership' : null
}
