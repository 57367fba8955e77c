/** Taking a message back: what is written, and which content goes with it. */
import { clientIdOf, type MemberIndex, type Writer } from '../base/client-id.ts'
import { monthOf, monthStart } from '../base/ids.ts'
import type { ClockRange } from '../update/struct.ts'
import { MAX_AHEAD } from './dating.ts'
import { type Authored, EntryKind } from './entry.ts'
import type { NewEntries } from './lane-writer.ts'
import type { Page } from './page.ts'

/** How far this clock may be off from the server's, ms. */
const MARGIN = 3_600_000

/** Nothing, sealed in no way: the body of what has none. */
const emptyBody = new Uint8Array([0])

/**
 * The retraction of one's own entry. Its content, and that of its edits, is deleted for everybody.
 *
 * @param at when, ms
 */
export const retractionOf = (
  page: Page,
  entry: Authored,
  me: MemberIndex,
  at: number,
): NewEntries => {
  const { writer, n, seen } = entry
  const ref = { writer, n, stub: { at: stubTime(entry.at, at), seen } }
  return {
    added: [{ at, kind: EntryKind.retraction, ref, body: emptyBody }],
    deletes: clocksOf(page, me, [entry, ...page.editsOf(writer, n)]),
  }
}

/** The entry's own time, unless that is one the server takes from nobody by now. */
const stubTime = (at: number, now: number): number =>
  at < now + MAX_AHEAD - MARGIN ? at : Math.min(at, Math.max(now, monthStart(monthOf(at))))

/** Where entries lie in Yjs, so that they can be deleted there. */
const clocksOf = (
  page: Page,
  me: MemberIndex,
  entries: readonly { writer: Writer; n: number }[],
): ClockRange[] =>
  entries.flatMap(({ writer, n }) => {
    const client = clientIdOf(me, writer)
    const clock = page.clockOf(client, n)
    return clock === undefined ? [] : [{ client, clock, len: 1 }]
  })
