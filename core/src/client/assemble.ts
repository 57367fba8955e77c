/** What a device is made of: floor by floor, each made of what is below it. */
import { writerFrom } from '../base/client-id.ts'
import { assembleDocuments } from './assemble-documents.ts'
import { assembleMessages } from './assemble-messages.ts'
import { assembleState } from './assemble-state.ts'
import { assembleSync } from './assemble-sync.ts'
import { assembleViews } from './assemble-views.ts'
import { Emitter } from './model/emitter.ts'
import type { Identity, Ports } from './ports.ts'
import { Signals } from './signals.ts'
import type { Meta } from './store/local-store.ts'

export const assemble = (ports: Ports, { me, device }: Omit<Identity, 'writer'>, meta: Meta) => {
  const identity: Identity = { me, device, writer: writerFrom(ports.random(5)) }
  const signals = new Signals()
  const state = assembleState(ports, signals, me, meta)
  const documents = assembleDocuments(ports, signals, identity, state)
  const sync = assembleSync(ports, signals, identity, state, documents)
  const messages = assembleMessages(ports, signals, state, documents, sync)
  const below = { ...state, ...documents, ...sync, ...messages }
  const views = assembleViews(ports, signals, me, meta, below)
  // After the views, which it has looked at.
  const emitter = new Emitter(ports.timers)
  signals.changed.on(() => emitter.changed())
  const changed = (): void => signals.changed.emit()
  const storageFailed = state.problem.raise
  return { ports, identity, emitter, changed, storageFailed, ...below, ...views }
}

export type Parts = ReturnType<typeof assemble>
