import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followPress } from './press.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A window, and what happens in it to the window itself. */
const follow = () => {
  const view = new EventTarget()
  const press = followPress(view)
  const changes: boolean[] = []
  const stop = press.subscribe(() => changes.push(press.get() !== null))
  const happen = (type: string, more: object = {}) =>
    view.dispatchEvent(
      Object.assign(new Event(type), { button: 0, buttons: 1, pointerType: 'mouse', ...more }),
    )
  return { view, press, changes, happen, stop }
}

test('a press lasts until its click was dealt with', () => {
  const { view, press, changes, happen } = follow()
  expect(press.get()).toBeNull()
  happen('pointerdown')
  expect(press.get()).toBe(view)
  happen('pointerup')
  let pressedAtClick = false
  view.addEventListener('click', () => {
    pressedAtClick = press.get() !== null
  })
  happen('click')
  expect(pressedAtClick).toBe(true)
  vi.advanceTimersByTime(0)
  expect(changes).toEqual([true, false])
})

test('a press without a click ends a little after the finger is lifted', () => {
  const { press, happen } = follow()
  happen('pointerdown', { pointerType: 'touch' })
  vi.advanceTimersByTime(2_000)
  expect(press.get()).not.toBeNull()
  happen('pointerup')
  vi.advanceTimersByTime(399)
  expect(press.get()).not.toBeNull()
  vi.advanceTimersByTime(1)
  expect(press.get()).toBeNull()
})

test.each([
  ['a finger that scrolls', 'pointercancel', {}],
  ['a mouse that moves on with no button down', 'pointermove', { buttons: 0 }],
  ['an app that loses the focus', 'blur', {}],
])('%s ends it', (_, type, more) => {
  const { press, happen } = follow()
  happen('pointerdown')
  happen(type, more)
  vi.advanceTimersByTime(0)
  expect(press.get()).toBeNull()
})

test('what belongs to a press does not end it', () => {
  const { press, happen } = follow()
  happen('pointerdown')
  happen('pointermove', { buttons: 1 })
  happen('pointermove', { buttons: 0, pointerType: 'touch' })
  vi.advanceTimersByTime(500)
  expect(press.get()).not.toBeNull()
})

test('another button is no press, and one that is never lifted ends some time', () => {
  const { press, happen } = follow()
  happen('pointerdown', { button: 2 })
  expect(press.get()).toBeNull()
  happen('pointerdown')
  vi.advanceTimersByTime(10_000)
  expect(press.get()).toBeNull()
})

test('nobody who listens, nothing to follow', () => {
  const { press, happen, stop } = follow()
  happen('pointerdown')
  stop()
  expect(press.get()).toBeNull()
  happen('pointerdown')
  expect(press.get()).toBeNull()
})
