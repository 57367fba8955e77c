import { expect, it, vi } from 'vitest'
import { isAttentive, listenForWake } from './wake.ts'

const browser = () => {
  const document = Object.assign(new EventTarget(), {
    visibilityState: 'visible' as DocumentVisibilityState,
    focused: true,
    hasFocus: () => document.focused,
  })
  return { window: new EventTarget(), document }
}

it.each(['pageshow', 'focus'])('wakes on %s', (type) => {
  const source = browser()
  const woke = vi.fn()
  const stop = listenForWake({ woke }, source)
  source.window.dispatchEvent(new Event(type))
  expect(woke).toHaveBeenCalledTimes(1)
  stop()
  source.window.dispatchEvent(new Event(type))
  expect(woke).toHaveBeenCalledTimes(1)
})

it('tells that the network went and came, which is something else', () => {
  const source = browser()
  const woke = vi.fn()
  const told: boolean[] = []
  listenForWake({ woke, network: (there) => told.push(there) }, source)
  source.window.dispatchEvent(new Event('offline'))
  source.window.dispatchEvent(new Event('online'))
  expect(told).toEqual([false, true])
  expect(woke).not.toHaveBeenCalled()
})

it('wakes when the page comes on screen, not when it goes', () => {
  const source = browser()
  const woke = vi.fn()
  listenForWake({ woke }, source)
  for (const state of ['hidden', 'visible'] as const) {
    source.document.visibilityState = state
    source.document.dispatchEvent(new Event('visibilitychange'))
  }
  expect(woke).toHaveBeenCalledTimes(1)
})

it('tells when the person looks and looks away', () => {
  const source = browser()
  const seen: boolean[] = []
  listenForWake({ attention: (attentive) => seen.push(attentive) }, source)
  source.window.dispatchEvent(new Event('focus'))
  source.document.focused = false
  expect(isAttentive(source)).toBe(false)
  source.window.dispatchEvent(new Event('blur'))
  source.document.visibilityState = 'hidden'
  source.document.dispatchEvent(new Event('visibilitychange'))
  source.document.focused = true
  source.document.visibilityState = 'visible'
  source.document.dispatchEvent(new Event('visibilitychange'))
  expect(seen).toEqual([false, true])
})
