import { HybridClock } from '../chat/hybrid-clock.ts'
import { ChatRegistry } from './chats/chat-registry.ts'
import { OutboxIndex } from './chats/outbox-index.ts'
import { People } from './chats/people.ts'
import { Presence } from './chats/presence.ts'
import { Drafts } from './conversation/drafts.ts'
import type { Person } from './model/views.ts'
import type { Ports } from './ports.ts'
import type { Signals } from './signals.ts'
import type { Meta } from './store/local-store.ts'
import { StorageProblem } from './store/storage-problem.ts'

/** What the device knows, besides what is in documents. */
export const assembleState = (ports: Ports, signals: Signals, me: Person, meta: Meta) => {
  const { store, bus, timers, random } = ports
  const changed = (): void => signals.changed.emit()
  const problem = new StorageProblem(changed)
  const clock = new HybridClock(timers, meta.clockFloor)
  clock.restoreOffset(meta.clockOffset)
  const people = new People(store, meta.people)
  const chats = new ChatRegistry(me)
  chats.learn(people.all())
  const outbox = new OutboxIndex()
  signals.wrote.on((doc, { no }, entries) => {
    if (entries !== undefined) outbox.add({ doc, no, entries })
  })
  const drafts = new Drafts({ store, bus, random, changed })
  return { problem, clock, people, chats, outbox, drafts, presence: new Presence() }
}

export type StateParts = ReturnType<typeof assembleState>
