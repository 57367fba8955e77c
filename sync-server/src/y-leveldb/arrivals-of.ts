/** What a server once said in a page of when entries came. */
import { indexOf, SERVER_INDEX } from '@wardline/core/base/client-id'
import { readArrivalKey } from '@wardline/core/chat/arrivals'
import { isTime } from '@wardline/core/chat/entry'
import { SYS } from '@wardline/core/chat/lanes'
import type { GateIndex } from '@wardline/core/gate/gate-index'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { parseUpdate } from '@wardline/core/update/parse-update'
import { plainOf } from '@wardline/core/update/plain-struct'
import type { PlainBlock, PlainStruct } from '@wardline/core/update/struct'
import { writeUpdate } from '@wardline/core/update/write-update'

/**
 * The arrivals of a page that `index` does not know, as an update; undefined when there are none,
 * and `'refused'` when something in the name of the server is anything else.
 *
 * @param update a whole page
 */
export const arrivalsOf = (
  update: Uint8Array,
  index: GateIndex,
): Uint8Array | 'refused' | undefined => {
  const parsed = parseUpdate(
    update,
    (client) => (indexOf(client) === SERVER_INDEX ? 'strict' : 'span'),
    STORED_LIMITS,
  )
  if (!parsed.ok) return 'refused'
  const blocks: PlainBlock[] = []
  for (const { client, structs } of parsed.blocks) {
    if (indexOf(client) !== SERVER_INDEX) continue
    if (!structs.every((struct) => isArrival(plainOf(struct)))) return 'refused'
    const next = index.next(client)
    const news = structs.filter(({ clock, len }) => clock + len > next)
    const [first] = news
    if (first === undefined) continue
    if (first.clock < next) return 'refused'
    blocks.push({ client, clock: first.clock, structs: news.map(plainOf) })
  }
  if (blocks.length === 0) return undefined
  const known = new Set(blocks.map(({ client }) => client))
  return writeUpdate({ blocks, deletes: parsed.deletes.filter(({ client }) => known.has(client)) })
}

/** Of two that say the same of an entry Yjs deletes one. */
const isArrival = ({ origin, root, key, content }: PlainStruct): boolean =>
  content.kind === 'deleted' ||
  (content.kind === 'any' &&
    origin === null &&
    root === SYS &&
    key !== null &&
    readArrivalKey(key) !== undefined &&
    content.values.every(isTime))
