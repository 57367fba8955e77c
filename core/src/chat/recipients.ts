import type { MemberIndex } from '../base/client-id.ts'
import { activityOf } from './dating.ts'
import type { Message } from './page.ts'
import type { ChatKind } from './sys.ts'

/** Of a member: since when they are in the chat, ms, undefined for always; and whether they left. */
interface Membership {
  readonly index: MemberIndex
  readonly since?: number
  readonly left?: boolean
}

/**
 * Those whose receipts a message needs, rule RECEIPT-4: who was in the chat when it was written, or
 * came, and still is; without its author. The two of a direct chat always were in it: they may
 * write before the server has heard of it.
 */
export const recipientsOf = <M extends Membership>(
  { kind, members }: { readonly kind: ChatKind; readonly members: readonly M[] },
  message: Pick<Message, 'author' | 'at' | 'arrivedAt'>,
): readonly M[] =>
  members.filter(
    ({ index, since = 0, left = false }) =>
      index !== message.author && !left && (kind === 'direct' || since <= activityOf(message)),
  )
