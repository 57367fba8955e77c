import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { ChatSummary, Person, ShellView } from '@wardline/core/client/model/views'
import { expect, it } from 'vitest'
import { earlyShell, listRecordOf, MOST_LINES, parseListRecord } from './list-record.ts'
import { nobody } from './nobody.ts'

const ada: Person = { id: 'dr-ada' as UserId, name: 'Ada', role: 'doctor' }
const pat: Person = { id: 'pat-1' as UserId, name: 'Pat', role: 'patient', accountClosed: true }

const chat = (no: number, more: Partial<ChatSummary> = {}): ChatSummary => ({
  id: `dm.pat-${no}.dr-ada` as ChatId,
  kind: 'direct',
  title: `Pat ${no}`,
  peer: pat,
  patients: [pat],
  left: false,
  online: true,
  lastSeenAt: null,
  typing: ['Pat'],
  unread: 2,
  news: null,
  markedUnread: false,
  onRounds: false,
  pinned: false,
  archived: false,
  muted: false,
  blocked: false,
  closed: false,
  last: {
    text: 'x'.repeat(9_000),
    files: 1,
    file: { name: 'a.png', type: 'image/png' },
    at: 5,
    arrivedAt: 7,
    mine: true,
    authorName: 'Ada',
    status: 'read',
    retracted: false,
  },
  draft: { id: 'd', text: 'Not yet', replyTo: null, edit: null, caption: '' },
  sentDrafts: [],
  ...more,
})

const shellOf = (chats: readonly ChatSummary[]): ShellView => ({
  ...nobody,
  me: ada,
  connection: { phase: 'live' },
  online: [pat.id],
  waiting: 3,
  chats,
  rounds: { completeAsOf: 4, missingFiles: 2, omittedFiles: 1 },
})

/** As it comes back from a disk. */
const read = (shell: ShellView, me: unknown = ada) =>
  parseListRecord(structuredClone(listRecordOf(shell)), me)

it('shows the beginning of the list as it was, and nothing that holds for a moment only', () => {
  const archived = chat(90, { archived: true, unread: 0 })
  const chats = [
    archived,
    ...Array.from({ length: 40 }, (_, no) => chat(no, { onRounds: no > 30 })),
  ]
  const record = read(shellOf(chats))
  if (record === undefined) throw new Error('it is not read')
  const early = earlyShell(record)
  expect(early.chats.map(({ id }) => id)).toEqual(
    chats.slice(1, MOST_LINES + 1).map(({ id }) => id),
  )
  const [{ last = null } = chat(0)] = chats
  expect(early.chats[0]).toEqual({
    ...chat(0),
    online: false,
    typing: [],
    last: last && { ...last, text: 'x'.repeat(200) },
    draft: { id: '', text: 'Not yet', replyTo: null, edit: null, caption: '' },
  })
  expect(early.early).toEqual({
    archive: { count: 1, unread: false },
    rounds: { count: 9, unread: true },
  })
  expect(early).toMatchObject({ me: ada, online: [], rounds: shellOf([]).rounds })
})

it('is of who has signed in, as the database knows them now', () => {
  const shell = shellOf([chat(1)])
  expect(read(shell, { ...ada, name: 'Ada Osei' })?.me.name).toBe('Ada Osei')
  expect(read(shell, pat)).toBeUndefined()
  expect(read(shell, null)).toBeUndefined()
})

it('is none where there is nothing to show, and none that is larger than any list', () => {
  expect(listRecordOf(shellOf([]))).toBeUndefined()
  expect(listRecordOf({ ...shellOf([chat(1)]), me: null })).toBeUndefined()
  expect(listRecordOf(shellOf([chat(1, { title: 'x'.repeat(100_001) })]))).toBeUndefined()
})

it('counts as none when anything in it is not as it has to be', () => {
  const record = listRecordOf(shellOf([chat(1), chat(2)]))
  expect(parseListRecord(record, ada)).toBeDefined()
  const bad: unknown[] = [undefined, null, 7, 'text', [], {}, { ...record, version: 0 }]
  const line = record?.lines[0]
  for (const name of Object.keys(line ?? {})) {
    bad.push({ ...record, lines: [{ ...line, [name]: 7n }] })
    bad.push({ ...record, lines: [{ ...line, [name]: undefined }] })
  }
  const { authorName, file, ...last } = line?.last ?? { authorName: '', file: null }
  expect([authorName, file]).toBeDefined()
  for (const name of Object.keys(last))
    bad.push({ ...record, lines: [{ ...line, last: { ...line?.last, [name]: {} } }] })
  bad.push({ ...record, lines: [line, line] })
  for (const value of bad) {
    expect(parseListRecord(value, ada), String(JSON.stringify(value, big))).toBeUndefined()
  }
})

const big = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
