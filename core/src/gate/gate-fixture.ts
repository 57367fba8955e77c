/** What the gate's tests share: a server that stores what the gate lets through, and forged bytes. */
import * as Y from 'yjs'
import { clientIdOf, type MemberIndex, writerOf } from '../base/client-id.ts'
import { type DocRef, parseDocName } from '../base/ids.ts'
import { EntryKind, type EntryTuple } from '../chat/entry.ts'
import { laneOf } from '../chat/lanes.ts'
import { checkUpdate, type GateContext, type Verdict } from './check-update.ts'
import { GateIndex } from './gate-index.ts'

export const NOW = Date.parse('2024-05-20T12:00:00Z')
export const ALICE: MemberIndex = 1
export const BOB: MemberIndex = 2
/** Two devices of Alice, one of Bob, the server. */
export const A1 = clientIdOf(ALICE, 11)
export const A2 = clientIdOf(ALICE, 22)
export const B1 = clientIdOf(BOB, 33)
export const SERVER = clientIdOf(0, 44)

const docRef = (name: string): DocRef => {
  const ref = parseDocName(name)
  if (ref === undefined) throw new Error(name)
  return ref
}
const PAGE = docRef('chat/dm.patient.doctor/2024-05')
export const CHAT = docRef('chat/dm.patient.doctor')
export const USER = docRef('user/patient')

/** A valid entry of version 1; `over` replaces elements of the tuple by position. */
export const entry = (
  client: number,
  n: number,
  over: Record<number, unknown> = {},
): EntryTuple => {
  const body = new Uint8Array([0, n])
  const tuple = [1, writerOf(client), n, 'device01', NOW, EntryKind.message, null, [], body, null]
  for (const [at, value] of Object.entries(over)) tuple[Number(at)] = value as number
  return tuple as EntryTuple
}

/** One document on the server: what was let through is stored and applied. */
export class Server {
  readonly ref: DocRef
  readonly index = new GateIndex()
  readonly doc = new Y.Doc()
  readonly rows: Uint8Array[] = []

  constructor(ref: DocRef = PAGE) {
    this.ref = ref
  }

  check(bytes: Uint8Array, member: MemberIndex, more: Partial<GateContext> = {}): Verdict {
    const lane = laneOf(this.ref, member)
    return checkUpdate(this.index, bytes, { doc: this.ref, lane, now: NOW, ...more })
  }

  send(bytes: Uint8Array, member: MemberIndex, more: Partial<GateContext> = {}): Verdict {
    const verdict = this.check(bytes, member, more)
    if (verdict.kind === 'accept') {
      verdict.advance()
      this.apply(verdict.update)
    }
    return verdict
  }

  /** Stores bytes of the server's own. */
  store(bytes: Uint8Array): void {
    this.index.addStored(bytes)
    this.apply(bytes)
  }

  apply(bytes: Uint8Array): void {
    this.rows.push(bytes)
    Y.applyUpdate(this.doc, bytes)
    if (this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null)
      throw new Error('something is pending')
  }

  /** A new replica with all that is stored. */
  replica(client: number): Y.Doc {
    const doc = new Y.Doc()
    for (const row of this.rows) Y.applyUpdate(doc, row)
    doc.clientID = client
    return doc
  }
}

/** The update that a change in a Yjs document makes. */
export const changeOf = (doc: Y.Doc, change: () => void): Uint8Array => {
  const updates: Uint8Array[] = []
  const listen = (update: Uint8Array) => updates.push(update)
  doc.on('update', listen)
  doc.transact(change)
  doc.off('update', listen)
  return Y.mergeUpdates(updates)
}
