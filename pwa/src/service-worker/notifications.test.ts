import type { ChatId } from '@wardline/core/base/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chatIn, closeAllNotifications, closeNotification } from './notification.ts'
import { openChat } from './on-notification-click.ts'
import { announce, mustShow } from './on-push.ts'
import { tell } from './on-push-change.ts'
import { readWorkerMessage } from './worker-message.ts'
import type { WorkerScope } from './worker-scope.ts'

const chat = 'dm.pat-morgan.dr-ada' as ChatId
const other = 'g.0123456789abcdef' as ChatId

interface Shown {
  title: string
  tag: string
  data: unknown
}
interface Window {
  focused: boolean
  visibilityState: 'visible' | 'hidden'
}

let shown: Shown[]
let history: string[]
let windows: Window[]
let badges: number[]
let did: unknown[]

const registration = {
  showNotification: async (title: string, { tag = '', data }: NotificationOptions) => {
    history.push(title)
    shown = [...shown.filter((notification) => notification.tag !== tag), { title, tag, data }]
  },
  getNotifications: async ({ tag }: { tag?: string } = {}) =>
    shown
      .filter((notification) => tag === undefined || notification.tag === tag)
      .map((notification) => ({
        close: () => {
          shown = shown.filter((each) => each !== notification)
        },
      })),
} as unknown as ServiceWorkerRegistration
const clients = {
  matchAll: async () =>
    windows.map((window, i) => ({
      ...window,
      postMessage: (message: unknown) => did.push([i, message]),
      focus: async () => did.push([i, 'focus']),
    })),
  openWindow: async (url: string) => {
    did.push(url)
    return null
  },
} as unknown as Clients
const scope = { clients, registration } as Pick<WorkerScope, 'clients' | 'registration'>

beforeEach(() => {
  shown = []
  history = []
  windows = []
  badges = []
  did = []
  vi.stubGlobal('navigator', { setAppBadge: async (count: number) => badges.push(count) })
})
afterEach(() => vi.unstubAllGlobals())

describe('a push', () => {
  it('shows one notification for each chat, and counts the chats on the icon', async () => {
    await announce(scope, chat, false)
    await announce(scope, other, false)
    await announce(scope, chat, false)
    expect(shown.map(({ title, data }) => [title, data])).toEqual([
      ['New message', { chat: other }],
      ['New message', { chat }],
    ])
    expect(badges).toEqual([1, 2, 2])
  })

  it('is shown even when it says nothing that can be read', async () => {
    await announce(scope, undefined, false)
    expect(shown).toMatchObject([{ title: 'New message', data: { chat: undefined } }])
  })

  it('is shown while windows are open that nobody looks at', async () => {
    windows = [
      { focused: false, visibilityState: 'visible' },
      { focused: false, visibilityState: 'hidden' },
    ]
    await announce(scope, chat, false)
    expect(shown.length).toBe(1)
  })

  it('is not shown while the person has the app before them', async () => {
    windows = [{ focused: true, visibilityState: 'visible' }]
    await announce(scope, chat, false)
    expect(history).toEqual([])
  })

  it('comes and goes there where each has to be shown', async () => {
    windows = [{ focused: true, visibilityState: 'visible' }]
    await announce(scope, chat, true)
    expect([history.length, shown.length]).toEqual([1, 0])
  })

  it('needs no browser with badges', async () => {
    vi.stubGlobal('navigator', {})
    await announce(scope, chat, false)
    expect(shown.length).toBe(1)
  })
})

it('knows the browsers that want to see every push', () => {
  const safari = 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1'
  const chrome =
    'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
  const firefox = 'Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0'
  expect([safari, chrome, firefox].map(mustShow)).toEqual([true, false, false])
})

describe('a tap on a notification', () => {
  it('opens a window at the chat when there is none', async () => {
    await openChat(clients, chat)
    await openChat(clients, undefined)
    expect(did).toEqual([`/#/chat/${chat}`, '/'])
  })

  it('goes to the chat in the window that can be seen', async () => {
    windows = [
      { focused: false, visibilityState: 'hidden' },
      { focused: false, visibilityState: 'visible' },
    ]
    await openChat(clients, chat)
    expect(did).toEqual([
      [1, { type: 'OPEN_CHAT', chat }],
      [1, 'focus'],
    ])
  })

  it('brings the window back, wherever it was, when the chat is not known', async () => {
    windows = [{ focused: false, visibilityState: 'hidden' }]
    await openChat(clients, undefined)
    expect(did).toEqual([[0, 'focus']])
  })
})

it('tells every page that the subscription has changed', async () => {
  windows = [
    { focused: false, visibilityState: 'hidden' },
    { focused: true, visibilityState: 'visible' },
  ]
  await tell(clients)
  expect(did).toEqual([0, 1].map((i) => [i, { type: 'PUSH_CHANGED' }]))
})

it('takes away the notification of a chat that is seen, and no other', async () => {
  await announce(scope, chat, false)
  await announce(scope, other, false)
  await closeNotification(registration, chat)
  expect(shown.map(({ data }) => data)).toEqual([{ chat: other }])
})

it('reads from outside only what it knows', () => {
  expect(readWorkerMessage({ type: 'OPEN_CHAT', chat })).toEqual({ type: 'OPEN_CHAT', chat })
  expect(readWorkerMessage({ type: 'PUSH_CHANGED', x: 1 })).toEqual({ type: 'PUSH_CHANGED' })
  for (const value of [
    undefined,
    null,
    'x',
    {},
    { type: 'OPEN_CHAT' },
    { type: 'OPEN_CHAT', chat: '//x' },
  ])
    expect(readWorkerMessage(value)).toBeUndefined()
  expect(chatIn({ type: 'message', chat })).toBe(chat)
  for (const value of [undefined, null, 'x', { chat: 7 }, { chat: 'https://elsewhere.example' }])
    expect(chatIn(value)).toBeUndefined()
})

it('leaves no notification and no number to the next person', async () => {
  shown = [
    { title: 'New message', tag: 'wardline/dm.anna.drbob', data: {} },
    { title: 'New message', tag: 'wardline', data: {} },
  ]
  await closeAllNotifications(registration)
  expect(shown).toEqual([])
  expect(badges).toEqual([0])
})
