import { expect, it } from 'vitest'
import { directChatId, parseChatId, parseUserId } from '../../base/ids.ts'
import { parseBirthDate } from '../../chat/birth-date.ts'
import { KIND_KEY, memberKey, userChatKey } from '../../chat/sys.ts'
import type { Person } from '../model/views.ts'
import { ChatRegistry, type Member } from './chat-registry.ts'
import { nameIn } from './member-names.ts'

const person = (id: string, name: string, role: Person['role'], born?: string): Person => {
  const birthDate = parseBirthDate(born)
  return { id: parseUserId(id)!, name, role, ...(birthDate && { birthDate }) }
}
const ada = person('dr-ada', 'Dr Ada Osei', 'doctor')
const pat = person('pat-one', 'Pat Morgan', 'patient', '1984-05-02')
const like = person('pat-two', 'Pam Morris', 'patient', '1991-12-24')
const kim = person('kim-novak', 'Kim Novak', 'patient', '1970-01-31')
const id = parseChatId(`g.${'0123456789abcdef'.repeat(2)}`)!

const membersOf = (people: readonly Person[]): Member[] =>
  people.map((one, at) => ({ ...one, index: at + 1 }))
const entryOf = (people: readonly Person[]) =>
  membersOf(people).map(({ id: userId, ...member }) => ({ userId, ...member }))
const groupOf = (people: readonly Person[], version = 1) =>
  [
    [userChatKey(id, version), { kind: 'group', title: 'Ward', members: entryOf(people), at: 1 }],
  ] as const

it('names say the birth date where one could be taken for another', () => {
  const book = new ChatRegistry(ada)
  book.readUserDoc(groupOf([ada, pat, like, kim]))
  const chat = book.get(id)!
  expect([1, 2, 3, 4, 9].map((index) => nameIn(chat, index))).toEqual([
    'Dr Ada Osei',
    'Pat Morgan (2 May 1984)',
    'Pam Morris (24 Dec 1991)',
    'Kim Novak',
    '',
  ])
})

it('a chat knows a date from wherever the device has heard of it', () => {
  const book = new ChatRegistry(ada)
  const { birthDate: _, ...unknown } = pat
  book.begin(unknown)
  const direct = directChatId(pat.id, ada.id)
  expect(book.get(direct)?.members[0]?.birthDate).toBeUndefined()
  expect(book.learn([pat, kim])).toEqual([direct])
  expect(book.get(direct)?.members[0]?.birthDate).toBe('1984-05-02')
  expect(book.learn([pat])).toEqual([])
  // What the server says of a group, and of the chat's own document that says nothing of dates.
  book.readUserDoc(groupOf([ada, pat, like]))
  book.readChatDoc(id, [
    [KIND_KEY, 'group'],
    ...membersOf([ada, unknown, like]).map(
      ({ index, id: userId, name, role }) =>
        [memberKey(index, 2), { userId, name, role, at: 2 }] as const,
    ),
  ])
  expect(book.get(id)?.members.map(({ birthDate }) => birthDate)).toEqual([
    undefined,
    '1984-05-02',
    '1991-12-24',
  ])
})

it('a date that is mended replaces what was known', () => {
  const book = new ChatRegistry(ada)
  book.readUserDoc(groupOf([ada, pat]))
  const mended = person('pat-one', 'Pat Morgan', 'patient', '1984-05-03')
  expect(book.readUserDoc(groupOf([ada, mended], 2))).toContain(id)
  expect(book.get(id)?.members[1]?.birthDate).toBe('1984-05-03')
})
