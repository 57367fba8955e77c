import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { directChatId, monthOf, parseChatId, parseUserId } from '../base/ids.ts'
import { SYS } from './lanes.ts'
import {
  eventKey,
  KIND_KEY,
  memberKey,
  pageKey,
  readChatSys,
  readUserSys,
  titleKey,
  userChatKey,
} from './sys.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const chat = directChatId(pat, ada)
const patient = { userId: pat, name: 'Pat Morgan', role: 'patient' }
const doctor = { userId: ada, name: 'Dr Ada Osei', role: 'doctor', specialty: 'General practice' }

describe('[DOC-6] readChatSys', () => {
  it('reads what a document holds', () => {
    const sys = new Y.Doc().getMap(SYS)
    sys.set(memberKey(2, 1), { ...doctor, at: 5 })
    sys.set(memberKey(1, 1), { ...patient, at: 5 })
    sys.set(eventKey(2), { event: 'joined', index: 2, name: 'Dr Ada Osei', at: 5 })
    sys.set(eventKey(1), { event: 'joined', index: 1, name: 'Pat Morgan', at: 5 })
    sys.set(pageKey(monthOf(0)), true)
    sys.set(pageKey(monthOf(Date.UTC(2026, 1))), true)
    sys.set(KIND_KEY, 'direct')
    expect(readChatSys(sys.entries())).toEqual({
      kind: 'direct',
      title: '',
      version: 1,
      members: [
        { index: 1, ...patient, at: 5 },
        { index: 2, ...doctor, at: 5 },
      ],
      events: [
        { n: 1, event: 'joined', index: 1, name: 'Pat Morgan', at: 5 },
        { n: 2, event: 'joined', index: 2, name: 'Dr Ada Osei', at: 5 },
      ],
      pages: ['2026-02', '1970-01'],
    })
  })

  it('reads a birth date that is one', () => {
    const read = (birthDate: unknown) =>
      readChatSys([[memberKey(1, 1), { ...patient, at: 5, birthDate }]]).members
    expect(read('1984-05-02')).toEqual([{ index: 1, ...patient, at: 5, birthDate: '1984-05-02' }])
    for (const other of ['1984-02-30', 'May 1984', 1984, null])
      expect(read(other)).toEqual([{ index: 1, ...patient, at: 5 }])
  })

  it('takes the latest version of a member, in whatever order the keys come', () => {
    const keys: [string, unknown][] = [
      [memberKey(1, 2), { ...patient, name: 'Pat Reed', at: 9 }],
      [memberKey(1, 10), { ...patient, name: 'Pat Stone', at: 10 }],
      [memberKey(1, 1), { ...patient, at: 5 }],
    ]
    expect(readChatSys(keys).members).toEqual([{ index: 1, ...patient, name: 'Pat Stone', at: 10 }])
  })

  it('takes the latest title, and knows who is out', () => {
    const sys = readChatSys([
      [KIND_KEY, 'group'],
      [titleKey(7), 'Ward 3'],
      [titleKey(12), 'Ward 4'],
      [titleKey(3), 'Ward'],
      [memberKey(1, 1), { ...patient, at: 5 }],
      [memberKey(1, 9), { ...patient, at: 6, left: true }],
      [eventKey(9), { event: 'left', index: 1, name: 'Pat Morgan', at: 6, by: ada }],
    ])
    expect(sys).toMatchObject({ kind: 'group', title: 'Ward 4', version: 12 })
    expect(sys.members).toEqual([{ index: 1, ...patient, at: 6, left: true }])
    expect(sys.events).toEqual([
      { n: 9, event: 'left', index: 1, name: 'Pat Morgan', at: 6, by: ada },
    ])
    const back = readChatSys([
      [memberKey(1, 13), { ...patient, at: 8 }],
      [memberKey(1, 9), { ...patient, at: 6, left: true }],
    ])
    expect(back.members).toEqual([{ index: 1, ...patient, at: 8 }])
  })

  it('skips what it does not know', () => {
    const member = { ...patient, at: 5 }
    const event = { event: 'joined', index: 1, name: 'Pat', at: 5 }
    const strange: [string, unknown][] = [
      ['kind', 'broadcast'],
      ['title/1', 3],
      ['title/x', 'Ward 3'],
      ['title', 'Ward 3'],
      ['title/1/1', 'Ward 3'],
      ['member', member],
      ['member/0/1', member],
      ['member/01/1', member],
      ['member/9000/1', member],
      ['member/1', member],
      ['member/1/x', member],
      ['member/1/1/1', member],
      ['member/1/1', { ...member, role: 'nurse' }],
      ['member/1/1', { ...member, at: -1 }],
      ['member/1/1', { ...member, userId: 'A' }],
      ['member/1/1', null],
      ['event/1', { ...event, event: 'renamed' }],
      ['event/1', { ...event, index: 0 }],
      ['event/1', [event]],
      ['event/1/1', event],
      ['event/-1', event],
      ['page/2026-13', true],
      ['page/2026-01', false],
      ['page/2026-01/x', true],
    ]
    expect(readChatSys(strange)).toEqual({
      kind: undefined,
      title: '',
      version: 0,
      members: [],
      events: [],
      pages: [],
    })
  })

  it('leaves unknown fields of a value out', () => {
    const [member] = readChatSys([[memberKey(1, 1), { ...patient, at: 5, index: 7, x: 1 }]]).members
    expect(member).toEqual({ index: 1, ...patient, at: 5 })
  })
})

describe('[DOC-6] readUserSys', () => {
  const members = [
    { index: 1, ...patient },
    { index: 2, ...doctor },
  ]

  it('reads what a document holds', () => {
    const sys = new Y.Doc().getMap(SYS)
    sys.set(userChatKey(chat), { kind: 'direct', members, at: 5 })
    expect(readUserSys(sys.entries())).toEqual(
      new Map([[chat, { kind: 'direct', members, at: 5, version: 1 }]]),
    )
  })

  it('takes the latest version, in whatever order the keys come', () => {
    const group = parseChatId('g.0123456789abcdef')!
    const since = members.map((member) => ({ ...member, since: 5 }))
    const out = [{ ...since[0]!, left: true }, since[1]!]
    const keys: [string, unknown][] = [
      [userChatKey(group, 11), { kind: 'group', title: 'B', members: out, at: 5, left: true }],
      [userChatKey(group, 2), { kind: 'group', title: 'A', members: since, at: 5 }],
      [userChatKey(group), { kind: 'group', title: '', members: since, at: 5 }],
    ]
    expect(readUserSys(keys).get(group)).toEqual({
      kind: 'group',
      title: 'B',
      members: out,
      at: 5,
      left: true,
      version: 11,
    })
    expect(readUserSys(keys.slice(1)).get(group)).toMatchObject({ title: 'A', version: 2 })
  })

  it('skips what it does not know', () => {
    const value = { kind: 'direct', members, at: 5 }
    const strange: [string, unknown][] = [
      ['chat/nobody', value],
      [`${userChatKey(chat)}/x`, value],
      ['org/x', value],
      [userChatKey(chat), { ...value, kind: 'x' }],
      [userChatKey(chat), { ...value, at: '5' }],
      [userChatKey(chat), { ...value, members: {} }],
      [userChatKey(chat), { ...value, members: [{ ...patient }] }],
      [userChatKey(chat), 'direct'],
    ]
    expect(readUserSys(strange).size).toBe(0)
  })
})
