import { expect, test } from 'vitest'
import { besidePlace, placeMenu, pointPlace } from './menu-place.ts'
import { menuStep } from './menu-step.ts'

const size = { width: 200, height: 300 }
const view = { width: 360, height: 740 }

test('a menu opens where it was asked for, and stays inside the window', () => {
  const at = (x: number, y: number, direction = 'ltr') =>
    placeMenu(pointPlace(x, y), size, view, direction)
  expect(at(40, 100)).toMatchObject({ left: 40, top: 100, origin: '0px top' })
  expect(at(350, 100)).toMatchObject({ left: 150, top: 100 })
  expect(at(40, 700)).toMatchObject({ top: 400, origin: '0px bottom' })
  expect(at(300, 100, 'rtl')).toMatchObject({ left: 100 })
  expect(at(2, 2)).toMatchObject({ left: 8, top: 8 })
  expect(placeMenu(pointPlace(5, 5), { width: 900, height: 900 }, view, 'ltr')).toMatchObject({
    left: 8,
    top: 8,
  })
})

test('a menu below a button that has no room goes above it', () => {
  const button = { left: 300, right: 340, top: 600, bottom: 640 }
  expect(placeMenu(button, size, view, 'ltr')).toMatchObject({ left: 140, top: 300 })
})

test('under a finger it leaves what it is about in sight', () => {
  for (const [top, bottom] of [
    [80, 140],
    [350, 400],
    [600, 700],
  ] as const) {
    const place = placeMenu(besidePlace({ top, bottom }, 180), size, view, 'ltr')
    expect(place.top >= bottom || place.top + size.height <= top, `${top}`).toBe(true)
  }
})

test('arrows go around, and out of the row of marks', () => {
  const words = ['👍', '🙏', 'Reply', 'Copy', 'Delete']
  const rows = [true, true, false, false, false]
  const step = (key: string, index: number) => menuStep(key, index, words, rows)
  expect(step('ArrowRight', 0)).toBe(1)
  expect(step('ArrowRight', 1)).toBeNull()
  expect(step('ArrowLeft', 1)).toBe(0)
  expect(step('ArrowDown', 0)).toBe(2)
  expect(step('ArrowDown', 1)).toBe(2)
  expect(step('ArrowDown', 4)).toBe(0)
  expect(step('ArrowUp', 2)).toBe(0)
  expect(step('ArrowUp', 0)).toBe(4)
  expect(step('End', 0)).toBe(4)
  expect(step('c', 0)).toBe(3)
  expect(step('x', 0)).toBeNull()
  const plain = (key: string, index: number) => menuStep(key, index, ['a', 'b'], [false, false])
  expect(plain('ArrowUp', 0)).toBe(1)
  expect(plain('ArrowDown', 1)).toBe(0)
})
