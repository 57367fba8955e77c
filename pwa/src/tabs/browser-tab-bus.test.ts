import { chatDoc, directChatId, parseUserId } from '@wardline/core/base/ids'
import type { TabMessage } from '@wardline/core/client/sync/tab-bus'
import { describe, expect, it, vi } from 'vitest'
import { browserTabBus, type TabSurroundings } from './browser-tab-bus.ts'

const ada = parseUserId('pat-ada')!
const bea = parseUserId('doc-bea')!
const chat = directChatId(ada, bea)
const doc = chatDoc(chat)

/** One browser profile: channels that deliver at once, and locks that are granted in order. */
class Profile {
  readonly #channels = new Map<string, Set<EventTarget>>()
  readonly #holders = new Map<string, (() => void)[]>()

  channel = (name: string): BroadcastChannel => {
    const members = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, members)
    const own = new EventTarget()
    members.add(own)
    return Object.assign(own, {
      postMessage: (data: unknown) => {
        for (const member of members)
          if (member !== own)
            member.dispatchEvent(new MessageEvent('message', { data: structuredClone(data) }))
      },
      close: () => members.delete(own),
    }) as unknown as BroadcastChannel
  }

  locks = {
    request: async (
      name: string,
      { signal }: { signal: AbortSignal },
      callback: () => Promise<void> | undefined,
    ) => {
      const queue = this.#holders.get(name) ?? []
      this.#holders.set(name, queue)
      await new Promise<void>((granted, refused) => {
        queue.push(granted)
        signal.addEventListener('abort', () => {
          const at = queue.indexOf(granted)
          if (at > 0) queue.splice(at, 1)
          refused(signal.reason)
        })
        if (queue.length === 1) granted()
      })
      await callback()
      queue.shift()
      queue[0]?.()
    },
  } as unknown as LockManager

  tab(name: string) {
    const page = new EventTarget()
    const reload = vi.fn()
    const surroundings: TabSurroundings = {
      channel: this.channel,
      locks: this.locks,
      page,
      tab: name,
      reload,
    }
    const bus = browserTabBus(ada, surroundings)
    const heard: [TabMessage, string][] = []
    bus.onMessage((message, from) => heard.push([message, from]))
    const elected = vi.fn()
    const cached = (type: 'pagehide' | 'pageshow') =>
      page.dispatchEvent(Object.assign(new Event(type), { persisted: true }))
    return { bus, heard, elected, reload, cached, surroundings }
  }
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await null
}

describe('messages', () => {
  it('reach the other tabs of the same user, with the sender', () => {
    const profile = new Profile()
    const [one, two, three] = [profile.tab('one'), profile.tab('two'), profile.tab('three')]
    const stranger = browserTabBus(bea, one.surroundings)
    const strange: unknown[] = []
    stranger.onMessage((message) => strange.push(message))
    one.bus.post({ type: 'rows', doc })
    expect(one.heard).toEqual([])
    expect(two.heard).toEqual([[{ type: 'rows', doc }, 'one']])
    expect(three.heard).toEqual(two.heard)
    expect(strange).toEqual([])
  })

  it('end with close', () => {
    const profile = new Profile()
    const [one, two] = [profile.tab('one'), profile.tab('two')]
    two.bus.close()
    one.bus.post({ type: 'hello' })
    two.bus.post({ type: 'hello' })
    expect(one.heard).toEqual([])
    expect(two.heard).toEqual([])
  })
})

describe('leader', () => {
  it('is the first tab, and the next one when that closes', async () => {
    const profile = new Profile()
    const [one, two, three] = [profile.tab('one'), profile.tab('two'), profile.tab('three')]
    for (const { bus, elected } of [one, two, three]) bus.lead(elected)
    await settled()
    expect(one.elected).toHaveBeenCalledTimes(1)
    expect(two.elected).not.toHaveBeenCalled()
    two.bus.close()
    one.bus.close()
    await settled()
    expect(two.elected).not.toHaveBeenCalled()
    expect(three.elected).toHaveBeenCalledTimes(1)
  })

  it('steps down in the back/forward cache, and comes back as a fresh page', async () => {
    const profile = new Profile()
    const [one, two] = [profile.tab('one'), profile.tab('two')]
    one.bus.lead(one.elected)
    two.bus.lead(two.elected)
    await settled()
    one.cached('pagehide')
    await settled()
    expect(two.elected).toHaveBeenCalledTimes(1)
    expect(one.reload).not.toHaveBeenCalled()
    one.cached('pageshow')
    expect(one.reload).toHaveBeenCalledTimes(1)
  })

  it('is never a tab that waits in the back/forward cache', async () => {
    const profile = new Profile()
    const [one, two] = [profile.tab('one'), profile.tab('two')]
    one.bus.lead(one.elected)
    two.bus.lead(two.elected)
    await settled()
    two.cached('pagehide')
    one.bus.close()
    await settled()
    expect(two.elected).not.toHaveBeenCalled()
    two.cached('pageshow')
    await settled()
    expect(two.elected).toHaveBeenCalledTimes(1)
    expect(two.reload).not.toHaveBeenCalled()
  })

  it('is every tab where the browser has no locks', () => {
    const profile = new Profile()
    const { surroundings } = profile.tab('one')
    const elected = vi.fn()
    browserTabBus(ada, { ...surroundings, locks: undefined }).lead(elected)
    browserTabBus(ada, { ...surroundings, channel: undefined }).lead(elected)
    expect(elected).toHaveBeenCalledTimes(2)
  })

  it('is every tab where the browser refuses locks', async () => {
    const { surroundings } = new Profile().tab('one')
    const locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }
    const elected = vi.fn()
    browserTabBus(ada, { ...surroundings, locks }).lead(elected)
    await settled()
    expect(elected).toHaveBeenCalledTimes(1)
  })
})
