/**
 * What the server writes into a page about entries that came at another time than they say they
 * were written: offline for a day, or with a clock that is wrong, or not true.
 */
import { randomBytes } from 'node:crypto'
import { clientIdOf, SERVER_INDEX, writerFrom } from '@wardline/core/base/client-id'
import { arrivalKey, isMisdated } from '@wardline/core/chat/arrivals'
import { SYS } from '@wardline/core/chat/lanes'
import type { Verdict } from '@wardline/core/gate/check-update'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'

/**
 * Yjs client of a process for all its marks: one for each would make a page slow to open. After a
 * restore a process may not go on where the one before it stopped, since devices know what it wrote.
 */
export const newMarkClient = (): number => clientIdOf(SERVER_INDEX, writerFrom(randomBytes(5)))

export type Accepted = Extract<Verdict, { kind: 'accept' }>

/**
 * Undefined when the entries say by themselves when they came: nearly always.
 *
 * @param now when they came, ms
 * @param client of this process
 * @param clock its next one in the page
 */
export const arrivalMarks = (
  { entries, times }: Pick<Accepted, 'entries' | 'times'>,
  now: number,
  client: number,
  clock: number,
): Uint8Array | undefined => {
  const misdated = entries.filter(({ writer }) => {
    const { earliest = now, latest = now } = times.get(writer) ?? {}
    return isMisdated(earliest, now) || isMisdated(latest, now)
  })
  if (misdated.length === 0) return undefined
  const items = misdated.map((range) => ({ map: SYS, key: arrivalKey(range), value: now }))
  return encodeLaneWrite({ client, clock, items })
}
