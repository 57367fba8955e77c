/** What the server once said of groups, for handing it back to a server that has lost it. */
import type { MemberIndex } from '../base/client-id.ts'
import type { ChatId, UserId } from '../base/ids.ts'
import { readUserSys } from './sys.ts'

/** How a group was at a time. */
export interface GroupStatement {
  readonly chat: ChatId
  readonly version: number
  readonly title: string
  /** When it became so, ms. */
  readonly at: number
  /** Largest index that anybody ever had in it. */
  readonly top: number
  /** Who was in it; `since` in ms. */
  readonly members: readonly {
    readonly index: MemberIndex
    readonly userId: UserId
    readonly since: number
  }[]
}

export interface SealedStatement {
  readonly statement: GroupStatement
  readonly seal: string
}

type Entries = Iterable<readonly [string, unknown]>

/**
 * Of each group in `sys` of a user's document the newest statement, unless the server has one that
 * is as new. What it said without a seal it would not know again.
 *
 * @param known what the server's own copy holds
 */
export const lostStatements = (local: Entries, known: Entries): SealedStatement[] => {
  const there = readUserSys(known)
  const lost: SealedStatement[] = []
  for (const [chat, { version, title = '', members, sealed }] of readUserSys(local)) {
    if (sealed === undefined || (there.get(chat)?.version ?? 0) >= version) continue
    const { at, top, seal } = sealed
    const present = members.filter(({ left }) => left !== true)
    const listed = present.map(({ index, userId, since = 0 }) => ({ index, userId, since }))
    lost.push({ statement: { chat, version, title, at, top, members: listed }, seal })
  }
  return lost
}
