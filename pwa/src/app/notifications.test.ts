import { beforeEach, describe, expect, it } from 'vitest'
import type { BrowserSubscription, PushBrowser } from '../service-worker/push-browser.ts'
import type { PushApi } from '../sync/push-api.ts'
import { Notifications } from './notifications.ts'

let ability: PushBrowser['ability']
let permission: NotificationPermission
let answer: NotificationPermission
let subscription: BrowserSubscription | undefined
let offline: boolean
let chosen: boolean
let key: string
let calls: string[]

const made = (name: string, with_ = key): BrowserSubscription => ({
  key: with_,
  json: name,
  end: async () => {
    calls.push(`end ${name}`)
    subscription = undefined
  },
})
const open = () => {
  const browser: PushBrowser = {
    ability,
    permission: () => permission,
    askPermission: async () => {
      calls.push('ask')
      permission = answer
      return permission
    },
    subscription: async () => subscription,
    subscribe: async (with_) => {
      if (offline) throw new Error('AbortError')
      subscription = made(`new ${with_}`, with_)
      return subscription
    },
  }
  const api: PushApi = {
    key: async () => (offline ? undefined : key),
    subscribe: async (json) => {
      calls.push(`put ${json}`)
      return !offline
    },
    unsubscribe: async () => {
      calls.push('delete')
      return !offline
    },
  }
  const choice = {
    get: () => chosen,
    set: (on: boolean) => {
      chosen = on
    },
  }
  return new Notifications({ browser, api, choice })
}

beforeEach(() => {
  ability = 'able'
  permission = 'default'
  answer = 'granted'
  subscription = undefined
  offline = false
  chosen = false
  key = 'k1'
  calls = []
})

describe('the switch', () => {
  it('asks the browser, subscribes and tells the server', async () => {
    const notifications = open()
    expect(notifications.state.get()).toBe('off')
    expect(await notifications.set(true)).toEqual({ ok: true })
    expect(notifications.state.get()).toBe('on')
    expect(calls).toEqual(['ask', 'put new k1'])
    expect(await notifications.set(false)).toEqual({ ok: true })
    expect(notifications.state.get()).toBe('off')
    expect(calls.slice(2).sort()).toEqual(['delete', 'end new k1'])
  })

  it('says that the person has blocked them', async () => {
    answer = 'denied'
    const notifications = open()
    expect(await notifications.set(true)).toMatchObject({ ok: false })
    expect(notifications.state.get()).toBe('blocked')
  })

  it('stays off when the question is closed, or nothing answers', async () => {
    answer = 'default'
    const notifications = open()
    expect(await notifications.set(true)).toEqual({ ok: true })
    expect(notifications.state.get()).toBe('off')
    answer = 'granted'
    offline = true
    expect(await notifications.set(true)).toMatchObject({ ok: false })
    expect(notifications.state.get()).toBe('off')
    expect(chosen).toBe(false)
  })

  it.each(['install-first', 'unsupported'] as const)('is not there: %s', async (what) => {
    ability = what
    const notifications = open()
    expect(notifications.state.get()).toBe(what)
    await notifications.renew()
    await notifications.end()
    expect(calls).toEqual([])
  })
})

describe('every start', () => {
  beforeEach(() => {
    permission = 'granted'
    chosen = true
  })

  it('tells the server again, and subscribes again when the browser forgot', async () => {
    subscription = made('old')
    await open().renew()
    subscription = undefined
    await open().renew()
    expect(calls).toEqual(['put old', 'put new k1'])
  })

  it('replaces a subscription to a server with other keys', async () => {
    subscription = made('old', 'k0')
    await open().renew()
    expect(calls).toEqual(['end old', 'put new k1'])
  })

  it('asks nobody who has not switched them on, or took the permission back', async () => {
    chosen = false
    await open().renew()
    chosen = true
    permission = 'denied'
    const notifications = open()
    await notifications.renew()
    expect(notifications.state.get()).toBe('blocked')
    expect(calls).toEqual([])
  })

  it('does without a network', async () => {
    offline = true
    const notifications = open()
    await notifications.renew()
    expect(notifications.state.get()).toBe('on')
  })
})

it('ends with signing out', async () => {
  permission = 'granted'
  chosen = true
  subscription = made('mine')
  const notifications = open()
  await notifications.end()
  expect(calls).toEqual(['end mine'])
  expect([chosen, notifications.state.get()]).toEqual([false, 'off'])
})
