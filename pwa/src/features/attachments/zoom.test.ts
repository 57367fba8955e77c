import { expect, test } from 'vitest'
import { fitted, panned, stepFrom, toggledAt, zoomedAt } from './zoom.ts'

const stage = { width: 400, height: 800 }

test('what lies under the fingers stays there', () => {
  const at = { x: 100, y: -200 }
  const near = zoomedAt(fitted, 2, at, stage)
  expect(near).toEqual({ scale: 2, x: -100, y: 200 })
  // The place of the picture that was at the point: where it is now, and before.
  expect((at.x - near.x) / near.scale).toBe(at.x)
  const nearer = zoomedAt(near, 4, at, stage)
  expect((at.x - nearer.x) / nearer.scale).toBe(at.x)
  expect((at.y - nearer.y) / nearer.scale).toBe(at.y)
})

test('a picture is never smaller than its stage, nor endlessly large', () => {
  expect(zoomedAt(fitted, 0.2, { x: 50, y: 50 }, stage)).toEqual(fitted)
  expect(zoomedAt(fitted, 100, { x: 0, y: 0 }, stage).scale).toBe(6)
})

test('a picture is moved up to its edges', () => {
  expect(panned(fitted, { x: 30, y: 30 }, stage)).toEqual(fitted)
  const near = zoomedAt(fitted, 2, { x: 0, y: 0 }, stage)
  expect(panned(near, { x: 50, y: -70 }, stage)).toEqual({ scale: 2, x: 50, y: -70 })
  expect(panned(near, { x: 5000, y: -5000 }, stage)).toEqual({ scale: 2, x: 200, y: -400 })
})

test('a picture that gets smaller comes back to the middle', () => {
  const corner = zoomedAt(fitted, 4, { x: 200, y: 400 }, stage)
  expect(zoomedAt(corner, 1, { x: -200, y: -400 }, stage)).toEqual(fitted)
})

test('a double press looks closer, and a second one at the whole', () => {
  const near = toggledAt(fitted, { x: 40, y: 0 }, stage)
  expect(near.scale).toBe(2.5)
  expect(toggledAt(near, { x: 0, y: 0 }, stage)).toEqual(fitted)
})

test('the buttons go on from any size', () => {
  expect([stepFrom(1, 1), stepFrom(1.7, 1), stepFrom(4, 1)]).toEqual([1.5, 2, undefined])
  expect([stepFrom(1, -1), stepFrom(1.7, -1), stepFrom(6, -1)]).toEqual([undefined, 1.5, 4])
})
