import { parseChatId, parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Chat } from '../directory/chat-record.ts'
import { readAuditText } from '../storage/audit.ts'
import { aboutTerm, actionTerm } from '../storage/audit-index.ts'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import { OLDEST_OPENING, Openings } from './openings.ts'

const ada = parseUserId('dr-ada')!
const pat = parseUserId('pat-morgan')!
const id = parseChatId('dm.pat-morgan.dr-ada')!
const chat: Chat = {
  id,
  kind: 'direct',
  createdAt: 0,
  pages: [],
  members: [
    { index: 1, userId: pat, name: 'Pat', role: 'patient', since: 0 },
    { index: 2, userId: ada, name: 'Ada', role: 'doctor', since: 0 },
  ] as Chat['members'],
}
const DAY = 86_400_000
const noon = Date.UTC(2026, 5, 15, 12)

let disk: MemoryDisk
let now: number
const open = (): { store: MemoryStore; openings: Openings } => {
  const store = new MemoryStore({ disk })
  const chatOf = async (wanted: string) => (wanted === id ? chat : undefined)
  return { store, openings: new Openings({ store, chatOf, now: () => now }) }
}
const linesOf = async (store: MemoryStore) =>
  (await store.findAudit({ term: actionTerm('chat.read') }, 100)).map(
    ({ text }) => readAuditText(text)!,
  )

beforeEach(() => {
  disk = new MemoryDisk()
  now = noon
})

describe('who opened which chat', () => {
  const reader = { userId: ada, session: 's1' }

  it('is one line a day and sign-in, found under the patient too', async () => {
    const { store, openings } = open()
    for (let i = 0; i < 5; i++) expect(await openings.note(reader, id, now, 'app')).toBe(true)
    await Promise.all([1, 2, 3].map(() => openings.note(reader, id, now + 1, 'app')))
    expect(await linesOf(store)).toEqual([
      {
        at: noon,
        actor: ada,
        action: 'chat.read',
        subject: id,
        concerns: [pat],
        details: { openedAt: '2026-06-15T12:00:00.000Z', way: 'app' },
      },
    ])
    expect(await store.findAudit({ term: aboutTerm(pat) }, 9)).toHaveLength(1)
    now += DAY
    await openings.note(reader, id, now, 'app')
    await openings.note({ ...reader, session: 's2' }, id, now, 'app')
    expect(await linesOf(store)).toHaveLength(3)
  })

  it('is not written again after a restart', async () => {
    await open().openings.note(reader, id, now, 'app')
    const { store, openings } = open()
    await openings.note(reader, id, now, 'app')
    expect(await linesOf(store)).toHaveLength(1)
  })

  it('is not of the reader as a patient, and not of who is no member', async () => {
    const { store, openings } = open()
    await openings.note({ userId: pat, session: 's1' }, id, now, 'app')
    expect(await linesOf(store)).toMatchObject([{ actor: pat, concerns: [] }])
    const stranger = { userId: parseUserId('dr-ben')!, session: 's1' }
    expect(await openings.note(stranger, id, now, 'app')).toBe(false)
    expect(await openings.note(reader, parseChatId('dm.pat-morgan.dr-ben')!, now, 'app')).toBe(
      false,
    )
    expect(await linesOf(store)).toHaveLength(1)
  })

  it.each([
    ['of days without a network is dated as the device says', -3 * DAY, -3 * DAY],
    ['from a clock that runs ahead is dated as of now', 3 * DAY, 0],
    ['from a clock that is years behind is bounded', -900 * DAY, -OLDEST_OPENING],
  ])('%s', async (_, off, dated) => {
    const { store, openings } = open()
    await openings.note(reader, id, now + off, 'app')
    const openedAt = new Date(noon + dated).toISOString()
    expect(await linesOf(store)).toMatchObject([{ at: noon, details: { openedAt } }])
  })

  it('is remembered for so many days and sign-ins, and what is older may be noted twice', async () => {
    const { store } = open()
    // Each time by a server that remembers only what is stored.
    const note = (i: number) =>
      open().openings.note({ ...reader, session: `s${i}` }, id, now, 'app')
    for (let i = 0; i < 66; i++) await note(i)
    await note(65)
    await note(2)
    expect(await linesOf(store)).toHaveLength(66)
    await note(1)
    expect(await linesOf(store)).toHaveLength(67)
  })

  it('goes on where a line could not be written', async () => {
    let failing = true
    const store = new MemoryStore({
      disk,
      beforeCommit() {
        if (failing) throw new Error('disk full')
      },
    })
    const errors: unknown[] = []
    const onError = (error: unknown): void => void errors.push(error)
    const openings = new Openings({ store, chatOf: async () => chat, now: () => now, onError })
    openings.noteSoon(reader, id, 'api')
    await expect.poll(() => errors.length).toBe(1)
    failing = false
    openings.noteSoon(reader, id, 'api')
    await expect.poll(async () => (await linesOf(store)).length).toBe(1)
  })
})
