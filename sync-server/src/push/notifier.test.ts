import type { MemberIndex } from '@wardline/core/base/client-id'
import type { ChatId, UserId } from '@wardline/core/base/ids'
import { noPrefs } from '@wardline/core/chat/prefs'
import { beforeEach, describe, expect, it } from 'vitest'
import { settle, TestTimers } from '../base/test-timers.ts'
import type { Chat } from '../directory/chat-record.ts'
import type { User } from '../directory/user.ts'
import { ada, ben, chat, pat } from '../sync/sync-test-kit.ts'
import { Notifier, PACE_MS, UNHEARD_MS } from './notifier.ts'
import type { Delivery } from './push-sender.ts'
import type { Subscription } from './subscription.ts'

let timers: TestTimers
let members: UserId[]
let subscribed: Subscription[]
/** When each connected session was heard last. */
let connected: Map<string, { heardAt: number }>
let muted: Set<string>
/** Who looks after accounts, and nothing else. */
let admins: Set<UserId>
let ended: Set<string>
let answers: Delivery[]
let sent: string[]
let log: string[]
let notifier: Notifier
/** Whether chats and subscriptions were read lately. */
let remembered: boolean

const subscription = (user: UserId, session: string): Subscription => ({
  user,
  session,
  endpoint: `https://push.example.com/secret-${session}`,
  keys: { p256dh: '', auth: '' },
  at: 0,
})
const drop = async (gone: Subscription): Promise<void> => {
  subscribed = subscribed.filter((each) => each !== gone)
}

const chatWith = (id: ChatId): Chat =>
  ({ id, members: members.map((userId, i) => ({ userId, index: i + 1 })) }) as unknown as Chat
const subscriptionsOf = (user: UserId): Subscription[] =>
  subscribed.filter((each) => each.user === user)

beforeEach(() => {
  timers = new TestTimers()
  remembered = false
  members = [pat, ada, ben]
  subscribed = [subscription(pat, 'p1'), subscription(ada, 'a1'), subscription(ada, 'a2')]
  connected = new Map()
  muted = new Set()
  admins = new Set()
  ended = new Set()
  answers = []
  sent = []
  log = []
  notifier = new Notifier({
    timers,
    directory: {
      chatOf: async (id) => chatWith(id),
      knownChat: (id) => (remembered ? chatWith(id) : undefined),
      getUser: async (user) =>
        ({ roles: [admins.has(user) ? 'admin' : 'doctor'] }) as unknown as User,
    },
    subscriptions: {
      of: async (user) => subscriptionsOf(user),
      known: (user) => (remembered ? subscriptionsOf(user) : undefined),
      isLive: async ({ session }) => !ended.has(session),
      removeIfSame: drop,
    },
    prefs: { of: async (user, id) => ({ ...noPrefs, muted: muted.has(`${user} ${id}`) }) },
    connectionsOf: ({ session }) => [connected.get(session)].filter((live) => live !== undefined),
    send: async ({ endpoint }, id) => {
      sent.push(`${endpoint.split('-').at(-1)} ${id === chat ? '' : id}`.trim())
      return answers.shift() ?? { kind: 'sent' }
    },
    log: (severity, event, fields) => log.push(`${severity} ${event} ${JSON.stringify(fields)}`),
    random: () => 0,
  })
})

const write = async (author: MemberIndex, id: ChatId = chat) => {
  notifier.noteMessage(id, author)
  await settle()
}

describe.each([
  ['read for it', false],
  ['read lately', true],
])('who hears of a message, by what was %s', (_, known) => {
  beforeEach(() => {
    remembered = known
  })

  it('the others, on all their devices', async () => {
    await write(1)
    expect(sent.sort()).toEqual(['a1', 'a2'])
  })

  it('the author too, when somebody else wrote at the same time', async () => {
    notifier.noteMessage(chat, 1)
    notifier.noteMessage(chat, 2)
    await settle()
    expect(sent.sort()).toEqual(['a1', 'a2', 'p1'])
  })

  it('not a device that is connected', async () => {
    connected.set('a2', { heardAt: timers.elapsed() })
    await write(1)
    expect(sent).toEqual(['a1'])
  })

  it('nobody who muted the chat', async () => {
    muted.add(`${ada} ${chat}`)
    await write(1)
    expect(sent).toEqual([])
    await write(1, 'g.0123456789abcdef' as ChatId)
    expect(sent.length).toBe(2)
  })

  it('nobody who came to look after accounts alone', async () => {
    admins.add(ada)
    await write(1)
    expect(sent).toEqual([])
  })

  it('nobody who is out of the chat', async () => {
    members = [pat, ben]
    await write(1)
    expect(sent).toEqual([])
  })

  it('no session that has ended', async () => {
    ended.add('a1')
    await write(1)
    expect(sent).toEqual(['a2'])
  })
})

describe('a device that is connected', () => {
  beforeEach(() => {
    subscribed = [subscription(ada, 'a1')]
  })

  it('is believed when it answers', async () => {
    const live = { heardAt: timers.elapsed() - 60_000 }
    connected.set('a1', live)
    await write(1)
    live.heardAt = timers.elapsed()
    await timers.advance(2 * UNHEARD_MS)
    expect(sent).toEqual([])
  })

  it('hears of it after all when nothing comes from it any more, closed or not', async () => {
    connected.set('a1', { heardAt: timers.elapsed() - 1 })
    await write(1)
    await timers.advance(UNHEARD_MS - 1)
    expect(sent).toEqual([])
    await timers.advance(1)
    expect(sent).toEqual(['a1'])
    await timers.advance(PACE_MS)
    await write(1)
    connected.clear()
    await timers.advance(UNHEARD_MS)
    expect(sent).toEqual(['a1', 'a1'])
  })

  it('hears of the message that it did not answer, after one that it did', async () => {
    const live = { heardAt: timers.elapsed() }
    connected.set('a1', live)
    await write(1)
    live.heardAt = timers.elapsed()
    await timers.advance(5_000)
    await write(1)
    await timers.advance(UNHEARD_MS - 5_000)
    expect(sent).toEqual([])
    await timers.advance(UNHEARD_MS)
    expect(sent).toEqual(['a1'])
  })

  it('has everything when it has connected anew', async () => {
    connected.set('a1', { heardAt: timers.elapsed() - 1 })
    await write(1)
    await timers.advance(1_000)
    connected.set('a1', { heardAt: timers.elapsed() })
    await timers.advance(UNHEARD_MS)
    expect(sent).toEqual([])
  })
})

describe('how often', () => {
  beforeEach(() => {
    subscribed = [subscription(ada, 'a1')]
  })

  it('once in five seconds for each chat, and once more for all that came meanwhile', async () => {
    for (let i = 0; i < 5; i++) await write(1)
    await write(1, 'g.0123456789abcdef' as ChatId)
    expect(sent).toEqual(['a1', 'a1 g.0123456789abcdef'])
    await timers.advance(PACE_MS - 1)
    expect(sent.length).toBe(2)
    await timers.advance(1)
    expect(sent.slice(2)).toEqual(['a1'])
    await timers.advance(PACE_MS)
    expect(sent.length).toBe(3)
  })

  it('not again for what was seen meanwhile on a device that connected', async () => {
    await write(1)
    await write(1)
    connected.set('a1', { heardAt: timers.elapsed() })
    await timers.advance(PACE_MS)
    expect(sent).toEqual(['a1'])
  })

  it('again when the service is busy, and not when it refuses', async () => {
    answers = [{ kind: 'later', status: 503, afterMs: 0 }]
    await write(1)
    await timers.advance(2_000)
    expect(sent).toEqual(['a1', 'a1'])
    await timers.advance(PACE_MS)
    answers = [{ kind: 'refused', status: 403 }]
    await write(1)
    await timers.advance(600_000)
    expect(sent.length).toBe(3)
  })

  it('never again to an address that is gone', async () => {
    answers = [{ kind: 'gone' }]
    await write(1)
    await timers.advance(PACE_MS)
    await write(1)
    expect(sent).toEqual(['a1'])
    expect(subscribed).toEqual([])
  })
})

it('takes news of so many chats at a time, and says so once it is too much', async () => {
  for (let i = 0; i < 10_001; i++)
    notifier.noteMessage(`g.${'0'.repeat(11)}${i + 10_000}` as ChatId, 1)
  expect(log.join()).toContain('push.dropped')
  await notifier.stop()
})

it('logs nothing by which somebody could write to a browser', async () => {
  answers = [
    { kind: 'later', status: 429, afterMs: 0 },
    { kind: 'refused', status: 400 },
  ]
  await write(1)
  expect(log.length).toBe(2)
  expect(log.join()).toContain('push.example.com')
  expect(log.join()).not.toContain('secret')
})

it('sends nothing after it has stopped', async () => {
  await write(1)
  await write(1)
  await notifier.stop()
  await timers.advance(PACE_MS)
  await write(1)
  expect(sent.length).toBe(2)
})
