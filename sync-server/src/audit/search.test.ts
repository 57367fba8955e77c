import { beforeEach, describe, expect, it } from 'vitest'
import { type AuditLine, PRUNED, verifyAudit } from '../storage/audit.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { exportLines } from './export-lines.ts'
import { removeOldLines, yearsBefore } from './retention.ts'
import { type AuditFilter, findLines, readPlace, writePlace } from './search.ts'
import { Usage } from './usage.ts'

const at = Date.UTC(2026, 0, 1)
let store: MemoryStore
beforeEach(() => {
  store = new MemoryStore()
})

const write = (lines: readonly AuditLine[]) => store.commit({ audit: lines })

const all = async (filter: AuditFilter, limit = 100): Promise<number[]> => {
  const found: number[] = []
  let page = await findLines(store, filter, { limit })
  for (;;) {
    found.push(...page.lines.map(({ n }) => n))
    if (page.next === undefined) return found
    const before = readPlace(writePlace(page.next))
    if (before === undefined) throw new Error('a place can be read back')
    page = await findLines(store, filter, { limit, before })
  }
}

describe('looking for lines', () => {
  it.each([1, 2, 7, 100])('finds each once, page by page of %i', async (limit) => {
    // Several at one moment, as one commit writes them.
    await write(
      Array.from({ length: 700 }, (_, i) => ({
        at: at + Math.floor(i / 3),
        actor: i % 7 === 0 ? 'u-ada' : 'u-ben',
        action: i % 14 === 0 ? 'user.disabled' : 'login.succeeded',
      })),
    )
    const disabled = Array.from({ length: 50 }, (_, i) => (49 - i) * 14 + 1)
    expect(await all({ about: 'u-ada', action: 'user.disabled' }, limit)).toEqual(disabled)
    expect(await all({ action: 'user' }, limit)).toEqual(disabled)
    expect(await all({ action: 'user.disabled', about: 'u-ben' }, limit)).toEqual([])
    const someTime = { about: 'u-ada', from: at + 100, until: at + 110 }
    expect(await all(someTime, limit)).toEqual([330, 323, 316, 309, 302])
  })

  it('gives up after so many lines, and tells where to go on', async () => {
    await write([{ at, actor: 'u-ada', action: 'user.disabled' }])
    for (let i = 0; i < 3; i++)
      await write(
        Array.from({ length: 2_000 }, () => ({ at: at + 1, actor: 'u-ada', action: 'api.used' })),
      )
    const filter = { about: 'u-ada', action: 'user' }
    const first = await findLines(store, filter, { limit: 10 })
    expect(first.lines).toEqual([])
    expect(first.next).toBeDefined()
    expect(await all(filter)).toEqual([1])
  })

  it.each(['', '-', '1', '1-2-3', 'x-1', '1-x', ' 1-2', '1-99999999999999999'])(
    'takes %j for no place',
    (text) => expect(readPlace(text)).toBeUndefined(),
  )
})

describe('files for auditors', () => {
  const lines: AuditLine[] = [
    { at, actor: 'u-ada', action: 'user.created', subject: 'u-pat', concerns: ['u-x', 'u-y'] },
    {
      at: at + 1,
      actor: '=HYPERLINK("http://x")',
      action: 'login.failed',
      details: { address: 'a "quoted"\nline, with all' },
    },
  ]
  const text = async (format: 'csv' | 'json', filter: AuditFilter = {}): Promise<string> => {
    let whole = ''
    for await (const piece of exportLines(store, filter, format)) whole += piece
    return whole
  }

  it('are CSV of which nothing is run as a formula', async () => {
    await write(lines)
    expect(await text('csv')).toBe(
      [
        'n,time,actor,action,subject,concerns,details',
        `2,2026-01-01T00:00:00.001Z,"'=HYPERLINK(""http://x"")",login.failed,,,"{""address"":""a \\""quoted\\""\\nline, with all""}"`,
        '1,2026-01-01T00:00:00.000Z,u-ada,user.created,u-pat,u-x u-y,',
        '',
      ].join('\r\n'),
    )
  })

  it('are JSON with all that a line says, however many there are', async () => {
    expect(JSON.parse(await text('json'))).toEqual([])
    await write(lines)
    await write(
      Array.from({ length: 600 }, (_, i) => ({ at: at + 2 + i, actor: 'a', action: 'b' })),
    )
    const found = JSON.parse(await text('json')) as { n: number; time: string }[]
    expect(found).toHaveLength(602)
    expect(found.at(-1)).toEqual({
      n: 1,
      actor: 'u-ada',
      action: 'user.created',
      subject: 'u-pat',
      concerns: ['u-x', 'u-y'],
      time: '2026-01-01T00:00:00.000Z',
    })
    expect(JSON.parse(await text('json', { action: 'user.created' }))).toHaveLength(1)
  })
})

describe('lines that are too old', () => {
  it('go, by the calendar, and the trail says so and stays whole', async () => {
    const now = Date.UTC(2036, 1, 29)
    const limit = yearsBefore(now, 10)
    expect(new Date(limit).toISOString()).toBe('2026-03-01T00:00:00.000Z')
    const old = { at: limit - 1, actor: 'u-ada', action: 'login.succeeded' }
    await write([old, { ...old, at: limit - 9 }, { ...old, at: limit }, old])
    const anchor = await store.auditTip()
    expect(await removeOldLines(store, 10, now)).toBe(2)
    expect(await all({})).toEqual([5, 3, 4])
    expect(await verifyAudit(store, anchor)).toMatchObject({ kind: 'intact', tip: { n: 5 } })
    expect((await findLines(store, { action: PRUNED }, { limit: 9 })).lines).toHaveLength(1)
    expect(await removeOldLines(store, 10, now)).toBe(0)
    expect((await store.auditTip()).n).toBe(5)
  })
})

describe('use', () => {
  it('is one line a day for what a session does, and another for what is different', async () => {
    let now = at
    const usage = new Usage({ store, now: () => now, onError: () => {} })
    const used = { actor: 'u-ada', action: 'api.used', details: { operation: 'GET /x' } }
    for (let i = 0; i < 3; i++) usage.note('s1', used)
    usage.note('s2', used)
    usage.note('s1', { ...used, details: { operation: 'GET /y' } })
    now += 86_400_000
    usage.note('s1', used)
    await expect.poll(async () => (await all({ action: 'api' })).length).toBe(4)
  })
})
