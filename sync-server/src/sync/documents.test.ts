import { chatDoc, type DocName, parseDocName, userDoc } from '@wardline/core/base/ids'
import { laneOf } from '@wardline/core/chat/lanes'
import { Page } from '@wardline/core/chat/page'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { beforeEach, describe, expect, it } from 'vitest'
import { settle } from '../base/test-timers.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import type { Change, DocContent, Row } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import { Documents, type Move } from './documents.ts'
import type { HostedDoc, Subscriber } from './hosted-doc.ts'
import { ada, chat, pat, TestLaneWriter } from './sync-test-kit.ts'

/** A store whose commits the test lets through, or fails, one by one; and that counts reads. */
class HeldStore extends MemoryStore {
  readonly held: { change: Change; pass: () => void; fail: (error: Error) => void }[] = []
  reads = 0
  /** Reads wait for it. */
  gate: Promise<void> = Promise.resolve()

  constructor() {
    super({
      beforeCommit: (change) =>
        new Promise<void>((pass, fail) => this.held.push({ change, pass, fail })),
    })
  }

  override async read(doc: DocName): Promise<DocContent> {
    this.reads++
    const content = await super.read(doc)
    await this.gate
    return content
  }

  async next(): Promise<void> {
    await settle()
    const held = this.held.shift()
    if (held === undefined) throw new Error('no commit is waiting')
    held.pass()
    await settle()
  }

  async fail(): Promise<void> {
    await settle()
    this.held.shift()?.fail(new StoreError('STORE_OVERLOADED', 'no'))
    await settle()
  }
}

class Recorder implements Subscriber {
  readonly events: string[] = []
  row(row: Row): void {
    this.events.push(`row ${row.head}`)
  }
  own(head: number): void {
    this.events.push(`own ${head}`)
  }
  lost(): void {
    this.events.push('lost')
  }
}

const now = Date.UTC(2026, 5, 15)
let store: HeldStore
let documents: Documents
let laneWriter: TestLaneWriter
let hosted: HostedDoc
let one: Recorder
let other: Recorder

const lane = (doc: DocName, index = 1) => {
  const ref = parseDocName(doc)
  if (ref === undefined) throw new Error('not a document')
  return laneOf(ref, index)
}
/** Submits an update of the first subscriber. */
const submit = (update: Uint8Array, from = one, to = hosted, index = 1) =>
  to.submit({
    update,
    lane: lane(to.name, index),
    now,
    sender: from,
    settled: () => from.events.push('settled'),
    store: (flight, bytes) => documents.append(flight, bytes),
  })

beforeEach(async () => {
  store = new HeldStore()
  documents = new Documents(store)
  laneWriter = new TestLaneWriter(pat, 1, now)
  hosted = await documents.hold(laneWriter.page())
  await hosted.prepare(laneWriter.message('zero'), lane(laneWriter.page()), now, async () => {})
  laneWriter = new TestLaneWriter(pat, 1, now)
  one = new Recorder()
  other = new Recorder()
  hosted.subscribers.add(one)
  hosted.subscribers.add(other)
})

describe('a hosted document', () => {
  it('[WRITE-2] tells nobody of what is not durable', async () => {
    submit(laneWriter.message('a'))
    submit(laneWriter.message('b'))
    await settle()
    expect([one.events, other.events, hosted.head]).toEqual([[], [], 0])
    await store.next()
    expect([one.events, other.events, hosted.head]).toEqual([['own 1', 'settled'], ['row 1'], 1])
    await store.next()
    expect(one.events).toEqual(['own 1', 'settled', 'own 2', 'settled'])
    expect(other.events).toEqual(['row 1', 'row 2'])
  })

  it('[ARRIVE-2] stores when late entries came with them, before them, and tells their sender', async () => {
    const moves: Move[][] = []
    documents.listen({ moved: (some) => moves.push([...some]), lost: () => {} })
    const late = new TestLaneWriter(pat, 1, now - 600_000, 77)
    submit(late.message('a'))
    submit(laneWriter.message('b'))
    submit(late.message('c'))
    const appends: unknown[] = []
    for (let n = 0; n < 3; n++) {
      await settle()
      appends.push(store.held[0]?.change.appends?.length)
      await store.next()
    }
    expect(appends).toEqual([2, 1, 2])
    expect(one.events.filter((event) => event !== 'settled')).toEqual([
      'row 1',
      'own 2',
      'own 3',
      'row 4',
      'own 5',
    ])
    expect(other.events).toEqual(['row 1', 'row 2', 'row 3', 'row 4', 'row 5'])
    // One message each, whoever is told of it.
    expect(moves.flat().map(({ message }) => message?.author)).toEqual([
      undefined,
      1,
      1,
      undefined,
      1,
    ])
    const { tail } = await store.read(hosted.name)
    const page = new Page()
    for (const { update } of tail) expect(page.apply([update])).toBe(true)
    const arrivals = page.messages().map(({ writer, arrivedAt }) => [writer, arrivedAt])
    expect(arrivals).toContainEqual([77, now])
    expect(arrivals.filter(([, arrivedAt]) => arrivedAt === null)).toHaveLength(1)
    // A process that begins anew goes on.
    documents = new Documents(store)
    const again = await documents.hold(hosted.name)
    await again.prepare(late.message('d'), lane(again.name), now, async () => {})
    submit(new TestLaneWriter(pat, 1, now - 600_000, 78).message('e'), one, again)
    await store.next()
    expect(again.head).toBe(7)
  })

  it('[ARRIVE-2] keeps nothing of a mark whose entries were not stored', async () => {
    submit(new TestLaneWriter(pat, 1, now - 600_000, 77).message('a'))
    await store.fail()
    expect(one.events).toEqual(['lost'])
    expect(await store.head(hosted.name)).toBe(0)
    const again = await documents.hold(hosted.name)
    again.subscribers.add(other)
    const update = new TestLaneWriter(pat, 1, now - 600_000, 77).message('a')
    await again.prepare(update, lane(again.name), now, async () => {})
    submit(update, one, again)
    await store.next()
    expect(again.head).toBe(2)
  })

  it('[ACK-3] acknowledges a duplicate with what it duplicates, not before', async () => {
    const update = laneWriter.message('a')
    submit(update)
    submit(update, other)
    await settle()
    expect(other.events).toEqual([])
    await store.next()
    expect(one.events).toEqual(['own 1', 'settled'])
    expect(other.events).toEqual(['row 1', 'settled'])
    submit(update, other)
    expect(other.events).toEqual(['row 1', 'settled', 'settled'])
    expect(store.held).toEqual([])
  })

  it('[WRITE-4] is lost with a commit that fails, and nothing of it is acknowledged', async () => {
    const [a, b] = [laneWriter.message('a'), laneWriter.message('b')]
    submit(a)
    submit(b)
    await store.fail()
    expect([one.events, other.events]).toEqual([['lost'], ['lost']])
    // The one behind it does not fit any more: a conflict.
    await store.next()
    expect(await store.head(laneWriter.page())).toBe(0)
    const again = await documents.hold(laneWriter.page())
    expect(again).not.toBe(hosted)
    await again.prepare(a, lane(laneWriter.page()), now, async () => {})
    submit(a, one, again)
    await store.next()
    expect(one.events).toEqual(['lost', 'settled'])
    expect(again.head).toBe(1)
  })

  it('[WRITE-4] is lost when the store forgets', async () => {
    submit(laneWriter.message('a'))
    let lost = 0
    documents.listen({ moved() {}, lost: () => lost++ })
    store.emitReset('lost')
    expect([one.events, other.events, lost]).toEqual([['lost'], ['lost'], 1])
    await store.next()
    expect(one.events).toEqual(['lost'])
  })

  it('loads its index once, and takes in what the server writes meanwhile', async () => {
    const doc = userDoc(pat)
    const held = await documents.hold(doc)
    let go = (): void => {}
    store.gate = new Promise((resolve) => {
      go = resolve
    })
    const update = encodeLaneWrite({
      client: 5,
      clock: 0,
      items: [{ map: 'sys', key: 'chat/x', value: 1 }],
    })
    const before = store.reads
    const preparing = [1, 2].map(() => held.prepare(update, lane(doc), now, async () => {}))
    const done = documents.commit({ appends: [{ doc, update }] })
    await store.next()
    await done
    go()
    await Promise.all(preparing)
    expect(store.reads).toBe(before + 1)
    // An echo of the server's own write is nothing new; were it unknown, it would be refused.
    expect(submit(update, one, held)).toBeUndefined()
    expect(one.events).toEqual(['settled'])
  })
})

describe('documents', () => {
  it('[WRITE-3] tell of changes in the order of their sequence numbers', async () => {
    const moves: string[] = []
    documents.listen({
      moved: (list) =>
        moves.push(...list.map(({ doc, head }) => `${doc} ${head} ${documents.seq}`)),
      lost() {},
    })
    const sys = new Uint8Array([0, 0])
    const done = documents.commit({ appends: [{ doc: chatDoc(chat), update: sys }] })
    submit(laneWriter.message('a'))
    const last = documents.commit({
      appends: [
        { doc: chatDoc(chat), update: sys },
        { doc: userDoc(ada), update: sys },
      ],
    })
    for (let i = 0; i < 3; i++) await store.next()
    await Promise.all([done, last])
    expect(moves).toEqual([
      `${chatDoc(chat)} 1 1`,
      `${laneWriter.page()} 1 2`,
      `${chatDoc(chat)} 2 3`,
      `${userDoc(ada)} 1 3`,
    ])
  })

  it('open one document once, and keep only so many that nobody uses', async () => {
    documents = new Documents(store, () => {}, 2)
    const names = ['2026-01', '2026-02', '2026-03'].map(
      (month) => `chat/${chat}/${month}` as DocName,
    )
    const [a, b] = await Promise.all([documents.hold(names[0]!), documents.hold(names[0]!)])
    expect(a).toBe(b)
    documents.release(a)
    for (const name of names.slice(1)) documents.release(await documents.hold(name))
    const held = await documents.hold(names[0]!)
    expect(held).toBe(a) // it is in use
    documents.release(held)
    documents.release(held)
    for (const name of names.slice(1)) documents.release(await documents.hold(name))
    expect(await documents.hold(names[0]!)).not.toBe(a)
  })

  it('wait for what is on its way', async () => {
    submit(laneWriter.message('a'))
    let settled = false
    const waiting = documents.settled().then(() => {
      settled = true
    })
    await settle()
    expect(settled).toBe(false)
    await store.next()
    await waiting
    expect(settled).toBe(true)
  })

  it('conflict with a writer that they do not know of', async () => {
    await Promise.all([
      store.commit({ appends: [{ doc: laneWriter.page(), update: new Uint8Array([0, 0]) }] }),
      store.next(),
    ])
    submit(laneWriter.message('a'))
    await store.next()
    expect(one.events).toEqual(['lost'])
  })
})
