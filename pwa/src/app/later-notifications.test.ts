import { expect, it } from 'vitest'
import { LaterNotifications } from './later-notifications.ts'
import { liveValue } from './live-value.ts'
import type { NotificationState, Notifications } from './notifications.ts'

it('does nothing while they do not come, and tells their state once they have', async () => {
  const state = liveValue<NotificationState>('blocked')
  const calls: string[] = []
  const loaded = {
    state,
    renew: async () => void calls.push('renew'),
    set: async () => ({ ok: true }),
    end: async () => void calls.push('end'),
  } as unknown as Notifications
  let isThere = false
  let loads = 0
  const later = new LaterNotifications(async () => {
    loads++
    if (!isThere) throw new Error('away')
    return loaded
  })
  await later.renew()
  expect(await later.set(true)).toMatchObject({ ok: false })
  expect([later.state.get(), calls]).toEqual(['off', []])
  isThere = true
  await later.renew()
  expect([later.state.get(), calls]).toEqual(['blocked', ['renew']])
  state.set('on')
  expect(later.state.get()).toBe('on')
  expect(await later.set(false)).toEqual({ ok: true })
  await later.end()
  expect([calls, loads]).toEqual([['renew', 'end'], 3])
})
