import { describe, expect, it } from 'vitest'
import {
  chatDoc,
  directChatId,
  directPair,
  docNameOf,
  monthOf,
  monthStart,
  pageDoc,
  parseChatId,
  parseDeviceId,
  parseDocName,
  parseMonth,
  parseUserId,
  userDoc,
} from './ids.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!

describe('[DOC-1] an id', () => {
  it('of a user has 4 to 40 small letters, digits and dashes, no dash first', () => {
    for (const id of ['0abc', 'a---', 'pat-morgan', 'a'.repeat(40)])
      expect(parseUserId(id)).toBe(id)
    for (const id of [
      'abc',
      'a'.repeat(41),
      '-abc',
      'Abcd',
      'ab.cd',
      'ab/cd',
      'abcé',
      'abcd\n',
      '',
    ])
      expect(parseUserId(id)).toBeUndefined()
  })

  it('of a device has 8 to 32 small letters and digits', () => {
    for (const id of ['0device0', 'd'.repeat(32)]) expect(parseDeviceId(id)).toBe(id)
    for (const id of ['device0', 'd'.repeat(33), 'device-01', 'Device01', 'device01\n'])
      expect(parseDeviceId(id)).toBeUndefined()
  })
})

describe('[DOC-2] the id of a chat', () => {
  it('follows from the patient and the doctor, and says who they are', () => {
    expect(directChatId(pat, ada)).toBe('dm.pat-morgan.dr-ada')
    expect(directPair('dm.pat-morgan.dr-ada')).toEqual({ patient: pat, doctor: ada })
    expect(parseChatId('dm.pat-morgan.dr-ada')).toBe('dm.pat-morgan.dr-ada')
  })

  it('of a group is random', () => {
    for (const id of [`g.${'a1'.repeat(8)}`, `g.${'a1'.repeat(16)}`]) {
      expect(parseChatId(id)).toBe(id)
      expect(directPair(id)).toBeUndefined()
    }
  })

  it.each([
    'dm.pat-morgan',
    'dm.pat-morgan.dr-ada.dr-ben',
    'dm.pat-morgan.pat-morgan',
    'dm.pat-morgan.x',
    'dm..dr-ada',
    `g.${'a'.repeat(15)}`,
    `g.${'a'.repeat(33)}`,
    `g.${'A'.repeat(16)}`,
    'pat-morgan.dr-ada',
  ])('is not %s', (text) => {
    expect(parseChatId(text)).toBeUndefined()
  })
})

describe('[DOC-3] a page', () => {
  it('holds one month, in UTC, from its first millisecond to its last', () => {
    const may = parseMonth('2024-05')!
    const [first, next] = [Date.UTC(2024, 4, 1), Date.UTC(2024, 5, 1)]
    expect(monthStart(may)).toBe(first)
    for (const [at, month] of [
      [first - 1, '2024-04'],
      [first, '2024-05'],
      [next - 1, '2024-05'],
      [next, '2024-06'],
    ] as const)
      expect(monthOf(at)).toBe(month)
  })

  it('has 1970-01 for its first month', () => {
    expect(monthOf(0)).toBe('1970-01')
    expect(parseMonth('1970-01')).toBe('1970-01')
    for (const text of ['1969-12', '2024-13', '2024-00', '2024-5', '24-05', '2024-05-01'])
      expect(parseMonth(text)).toBeUndefined()
  })
})

it('a name of a document is read as it was made, and nothing else is one', () => {
  const chat = directChatId(pat, ada)
  const names = [userDoc(pat), chatDoc(chat), pageDoc(chat, parseMonth('2024-05')!)]
  expect(names).toEqual([
    'user/pat-morgan',
    'chat/dm.pat-morgan.dr-ada',
    'chat/dm.pat-morgan.dr-ada/2024-05',
  ])
  for (const name of names) expect(docNameOf(parseDocName(name)!)).toBe(name)
  for (const text of ['', 'user', 'user/', 'user/pat-morgan/x', 'chat/x', `${names[2]}/x`, 'x/y'])
    expect(parseDocName(text)).toBeUndefined()
})
