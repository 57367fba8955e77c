import { expect, it } from 'vitest'
import { type ChatId, type DocName, directChatId, pageDoc, parseUserId } from '../../base/ids.ts'
import { parseBirthDate } from '../../chat/birth-date.ts'
import { noPrefs } from '../../chat/prefs.ts'
import { userChatKey } from '../../chat/sys.ts'
import { ChatRegistry } from '../chats/chat-registry.ts'
import { type ComposerDraft, noDraft } from '../model/composer-draft.ts'
import type { LastEntry } from '../model/page-summary.ts'
import type { Person } from '../model/views.ts'
import { ChatList, type ChatListOptions } from './chat-list.ts'

const ada: Person = { id: parseUserId('dr-ada')!, name: 'Ada', role: 'doctor' }
const patients = ['pat', 'sam', 'kim'].map(
  (name): Person => ({ id: parseUserId(`${name}-morgan`)!, name, role: 'patient' }),
)
const chatWith = ({ id }: Person): ChatId => directChatId(id, ada.id)

const last = (chat: ChatId, at: number): LastEntry & { doc: DocName } => ({
  doc: pageDoc(chat, '2026-11' as never),
  ...{ writer: 1, n: 1, author: 1, at, arrivedAt: null, text: 'Hello', files: 0, file: null },
  ...{ retracted: false, covered: 'none' },
})

/** A doctor's list, whose sources the test changes. */
const listOf = () => {
  const chats = new ChatRegistry(ada)
  for (const patient of patients) chats.begin(patient)
  const noneSent: [] = []
  const drafts = new Map<ChatId, ComposerDraft>()
  const digests = new Map(
    patients.map((patient, at) => {
      const chat = chatWith(patient)
      const nothing = { unread: 0, newest: null, incoming: 0, incomingAt: 0 }
      return [chat, { ...nothing, last: last(chat, at) }]
    }),
  )
  let connected = false
  const options = {
    role: 'doctor',
    chats,
    pageIndex: { months: () => [], digest: (id: ChatId) => digests.get(id) },
    outbox: { isWaiting: () => false },
    outgoing: { of: () => [] },
    presence: { of: () => undefined },
    typists: { in: () => patientsTyping },
    drafts: { of: (id: ChatId) => drafts.get(id) ?? noDraft, sent: () => noneSent },
    settings: { of: () => noPrefs },
    isConnected: () => connected,
  } as unknown as ChatListOptions
  const patientsTyping: readonly string[] = []
  return {
    list: new ChatList(options),
    drafts,
    digests,
    connect: () => {
      connected = true
    },
  }
}

it('knows when somebody was born, also of a chat that was begun here and not elsewhere yet', () => {
  const chats = new ChatRegistry(ada)
  const birthDate = parseBirthDate('1984-05-02')!
  const pat: Person = { ...patients[0]!, birthDate }
  const id = chats.begin(pat)!
  const { list } = listOf()
  expect(list.of(chats.get(id)!).peer).toEqual(pat)
  const [member, me] = chats
    .get(id)!
    .members.map(({ id: userId, ...rest }) => ({ userId, ...rest }))
  chats.readUserDoc([[userChatKey(id), { kind: 'direct', members: [member, me], at: 5 }]])
  expect(chats.get(id)).toMatchObject({ registered: true, members: [{ birthDate }, {}] })
  expect(list.of(chats.get(id)!).peer).toEqual(pat)
})

it('shows the newest first, but before them who waits for an answer', () => {
  const { list, digests } = listOf()
  expect(list.all().map(({ title }) => title)).toEqual(['kim', 'sam', 'pat'])
  const chat = chatWith(patients[0]!)
  digests.set(chat, { unread: 1, newest: null, incoming: 0, incomingAt: 0, last: last(chat, 0) })
  expect(list.all().map(({ title }) => title)).toEqual(['pat', 'kim', 'sam'])
})

it('makes a line anew only when something of it is different', () => {
  const { list, drafts, digests, connect } = listOf()
  const before = new Map(list.all().map((line) => [line.id, line]))
  const [pat, sam] = patients.map(chatWith)
  drafts.set(pat!, { ...noDraft, text: 'Take two' })
  // Another digest that says the same, and a connection by which nobody is online.
  digests.set(sam!, { ...digests.get(sam!)! })
  connect()
  const changed = list.all().filter((line) => line !== before.get(line.id))
  expect(changed.map(({ id, draft }) => [id, draft.text])).toEqual([[pat, 'Take two']])
})
