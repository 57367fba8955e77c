import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthOf, pageDoc, parseChatId } from '../../base/ids.ts'
import { sealBody } from '../../chat/body.ts'
import type { Message } from '../../chat/page.ts'
import { MessageIndex } from './message-index.ts'
import { SEGMENT_SIZE } from './segment.ts'
import { queryWords } from './words.ts'

const chat = parseChatId('dm.pat-morgan.dr-ada')!
const november = pageDoc(chat, monthOf(Date.UTC(2026, 10)))
const october = pageDoc(chat, monthOf(Date.UTC(2026, 9)))
const breathe = async () => {}

const message = async (writer: number, n: number, text: string | null): Promise<Message> => ({
  id: `${writer}.${n}`,
  author: 1,
  writer,
  n,
  device: 'device01',
  at: writer * 1000 + n,
  arrivedAt: null,
  reply: null,
  body: text === null ? null : await sealBody({ text }),
  history: [],
  retracted: text === null,
  reactions: new Map(),
})

const found = async (index: MessageIndex, query: string) => {
  const { hits } = await index.search({ words: queryWords(query), enough: 1e9 }, breathe)
  return hits
    .map(({ message: { doc, id, text }, whole }) => `${doc} ${id} ${text}${whole ? '' : ' …'}`)
    .sort()
}
const texts = async (index: MessageIndex, query: string) =>
  (await index.search({ words: queryWords(query), enough: 1e9 }, breathe)).hits
    .map(({ message: { text } }) => text)
    .sort()

describe('the index', () => {
  it('finds all words, the last one by its beginning', async () => {
    const index = new MessageIndex()
    await index.update(
      november,
      2,
      [await message(1, 1, 'The left knee hurts'), await message(1, 2, 'No kneeling for a week')],
      breathe,
    )
    expect(await texts(index, 'KNÉE')).toEqual(['No kneeling for a week', 'The left knee hurts'])
    expect(await texts(index, 'knee hur')).toEqual(['The left knee hurts'])
    expect(await texts(index, 'kne hurts')).toEqual([])
    expect(await texts(index, '')).toEqual([])
    expect(await found(index, 'knee')).toEqual([
      `${november} 1.1 The left knee hurts`,
      `${november} 1.2 No kneeling for a week …`,
    ])
  })

  it('takes only what is different, and forgets what was edited or taken back', async () => {
    const index = new MessageIndex()
    const [first, second] = [await message(1, 1, 'secret word'), await message(1, 2, 'stays')]
    expect(await index.update(november, 2, [first, second], breathe)).toBe(2)
    expect(await index.update(november, 3, [first, second], breathe)).toBe(0)
    expect(await index.update(november, 4, [await message(1, 1, 'new'), second], breathe)).toBe(1)
    expect(await texts(index, 'secret')).toEqual([])
    expect(await texts(index, 'new')).toEqual(['new'])
    expect(await index.update(november, 5, [await message(1, 1, null), second], breathe)).toBe(1)
    expect(await texts(index, 'new')).toEqual([])
    expect(index.rowsOf(november)).toBe(5)
    const stored = JSON.stringify(await index.takeUnsaved(breathe))
    expect(stored).not.toMatch(/secret|new/)
    expect(stored).toMatch(/stays/)
  })

  it('looks no further than it has to, and misses none of the newest', async () => {
    const index = new MessageIndex()
    const many = await Promise.all(
      Array.from({ length: 3 * SEGMENT_SIZE }, (_, i) => message(1, i + 1, `word`)),
    )
    await index.update(november, 1, many.toReversed(), breathe)
    const { hits, more } = await index.search({ words: ['wo'], enough: 100 }, breathe)
    expect([hits.length < 3 * SEGMENT_SIZE, more]).toEqual([true, true])
    const times = new Set(hits.map(({ message: { at } }) => at))
    expect(many.slice(-100).every(({ at }) => times.has(at))).toBe(true)
    const all = await index.search({ words: ['wo'], enough: 3 * SEGMENT_SIZE }, breathe)
    expect([all.hits.length, all.more]).toEqual([3 * SEGMENT_SIZE, false])
  })

  it('keeps to a chat', async () => {
    const index = new MessageIndex()
    const other = parseChatId('dm.pat-morgan.dr-ben')!
    await index.update(november, 1, [await message(1, 1, 'here')], breathe)
    const there = pageDoc(other, monthOf(0))
    await index.update(there, 1, [await message(1, 1, 'here too')], breathe)
    const { hits } = await index.search({ words: ['here'], chat: other, enough: 9 }, breathe)
    expect(hits.map(({ message: { text } }) => text)).toEqual(['here too'])
  })

  it('finds files by their names', async () => {
    const index = new MessageIndex()
    const file = { hash: 'a'.repeat(64), name: 'Lab_report-2026.pdf', type: 'application/pdf' }
    const body = await sealBody({ text: '', attachments: [{ ...file, size: 3 }] })
    await index.update(november, 1, [{ ...(await message(1, 1, '')), body }], breathe)
    expect(await texts(index, 'lab repo')).toEqual(['Lab_report-2026.pdf'])
  })

  it('is the same after it was stored and read', async () => {
    const index = new MessageIndex()
    const many = await Promise.all(
      Array.from({ length: SEGMENT_SIZE + 10 }, (_, i) => message(1, i + 1, `word ${i}`)),
    )
    await index.update(november, 7, many, breathe)
    await index.update(october, 3, [await message(1, 1, 'word in october')], breathe)
    const parts = await index.takeUnsaved(breathe)
    expect(await index.takeUnsaved(breathe)).toEqual([])
    const again = await MessageIndex.read(parts, breathe)
    expect(again.size).toBe(SEGMENT_SIZE + 11)
    expect(again.rowsOf(november)).toBe(7)
    expect(await found(again, 'wor')).toEqual(await found(index, 'wor'))
    expect(await again.update(november, 7, many, breathe)).toBe(0)
    await again.update(november, 8, many.slice(1), breathe)
    expect((await again.takeUnsaved(breathe)).map(({ part }) => part)).toHaveLength(2)
  })

  it('starts anew from what it cannot read, and has it removed', async () => {
    const index = new MessageIndex()
    await index.update(november, 1, [await message(1, 1, 'hello')], breathe)
    const parts = await index.takeUnsaved(breathe)
    for (const broken of [
      parts.map(({ part, value }) => ({
        part,
        value: value.replace('"version":5', '"version":4'),
      })),
      [...parts, { part: 'of a later version', value: '1' }],
      parts.map(({ part, value }) => ({ part, value: value.slice(0, -3) })),
    ]) {
      const again = await MessageIndex.read(broken, breathe)
      expect([again.size, again.rowsOf(november)]).toEqual([0, 0])
      expect(await again.takeUnsaved(breathe)).toEqual(
        broken.map(({ part }) => ({ part, value: '' })),
      )
    }
  })

  it('is the same however it came about', async () => {
    // A schedule that fails is told by its seed.
    await fc.assert(fc.asyncProperty(fc.integer(), randomSchedule), { numRuns: 4 })
  }, 60_000)
})

const randomSchedule = async (seed: number): Promise<void> => {
  const random = randomFrom(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const vocabulary = ['Knee', 'knéeling', 'pain', 'Painful', 'tablet', 'two', 'twice', '頭痛', 'ok']
  const text = () => Array.from({ length: 1 + pick(4) }, () => vocabulary[pick(9)]).join(' ')
  const pages = new Map([november, october].map((doc) => [doc, new Map<string, Message>()]))
  let index = new MessageIndex()
  const stored = new Map<string, string>()
  const save = async () => {
    for (const { part, value } of await index.takeUnsaved(breathe))
      if (value === '') stored.delete(part)
      else stored.set(part, value)
  }
  for (let step = 1; step <= 120; step++) {
    const [doc, messages] = [...pages][pick(2)]!
    for (let change = pick(4); change >= 0; change--) {
      // A number that is there already: an edit, a retraction, or a message come back.
      const [writer, n] = [1 + pick(5), 1 + pick(8)]
      messages.set(`${writer}.${n}`, await message(writer, n, pick(5) === 0 ? null : text()))
      if (pick(12) === 0) messages.delete(`${1 + pick(5)}.${1 + pick(8)}`)
    }
    await index.update(doc, step, [...messages.values()], breathe)
    if (pick(10) === 0) await save()
    if (pick(25) === 0) {
      // What was not stored is lost; the pages have it.
      const parts = [...stored].map(([part, value]) => ({ part, value }))
      index = await MessageIndex.read(parts, breathe)
      for (const [page, list] of pages) await index.update(page, step, [...list.values()], breathe)
    }
    if (pick(10) > 0) continue
    const fresh = new MessageIndex()
    for (const [page, list] of pages) await fresh.update(page, step, [...list.values()], breathe)
    for (const query of ['k', 'knee', 'knee pa', 'pain tw', '頭', 'tablet ok', 'two'])
      expect(await found(index, query), query).toEqual(await found(fresh, query))
    expect(index.size).toBe(fresh.size)
  }
}

/** Small and repeatable; after mulberry32 by Tommy Ettinger, in the public domain. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
