/**
 * Of a user document, what somebody sees whose token is for some of their chats. The document tells
 * of all of them, and devices keep it whole: so what is of other chats is not left out but emptied,
 * and every clock is where it was.
 */
import { type DocName, parseChatId, parseDocName } from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { type ParsedStruct, parseUpdate } from '@wardline/core/update/parse-update'
import { plainOf } from '@wardline/core/update/plain-struct'
import type { PlainStruct } from '@wardline/core/update/struct'
import { writeUpdate } from '@wardline/core/update/write-update'
import { maySee, type Scoped } from '../directory/chat-scope.ts'
import type { Row } from '../storage/store.ts'

/** Rows of a document as they are to be sent to somebody. */
export const seenBy = (who: Scoped, doc: DocName, rows: readonly Row[]): readonly Row[] =>
  who.chats === undefined || parseDocName(doc)?.kind !== 'user'
    ? rows
    : rows.map(({ head, update }) => ({ head, update: emptied(update, who) }))

/** Says nothing. */
const NOTHING = Uint8Array.of(0, 0)

const emptied = (update: Uint8Array, who: Scoped): Uint8Array => {
  const parsed = parseUpdate(update, () => 'strict', STORED_LIMITS)
  // Of what cannot be read nobody knows which chat it is of.
  if (!parsed.ok) return NOTHING
  const blocks = parsed.blocks.map(({ client, clock, structs }) => ({
    client,
    clock,
    structs: structs.map((struct) => (isSeen(struct, who) ? plainOf(struct) : empty(struct))),
  }))
  return writeUpdate({ blocks, deletes: parsed.deletes })
}

/**
 * What the server says of a chat stands at a key of its own, set once. Settings of the account are
 * hidden with the rest: they name chats too, and a later value only says which one it follows.
 */
const isSeen = ({ root, key }: ParsedStruct, who: Scoped): boolean => {
  if (root !== SYS || key === null) return false
  const [family, id = ''] = key.split('/')
  const chat = family === 'chat' ? parseChatId(id) : undefined
  return chat !== undefined && maySee(who, chat)
}

/** Nothing is at this key, and nobody reads it. */
const HIDDEN = 'hidden'

const empty = ({ len }: ParsedStruct): PlainStruct => ({
  origin: null,
  root: SYS,
  key: HIDDEN,
  content: { kind: 'deleted', len },
})
