import { MAX_BODY } from '@wardline/core/chat/entry'
import { expect, test } from 'vitest'
import { partsOf, roomFor } from './room.ts'

const ROOM = MAX_BODY - 1 - '{"text":""}'.length

test.each([
  ['x', 1],
  ['é', 2],
  ['中', 3],
  ['😀', 4],
  ['"', 2],
  ['\u0001', 6],
])('room is told in characters like %j', (letter, bytes) => {
  const most = Math.floor(ROOM / bytes)
  expect(roomFor(letter.repeat(Math.floor(most / 2))).kind).toBe('plenty')
  const little = roomFor(letter.repeat(Math.floor(most * 0.9)))
  expect(little.kind).toBe('little')
  const left = little.kind === 'little' ? little.left / letter.length : 0
  expect(Math.abs(left - most / 10)).toBeLessThan(most / 50)
  expect(roomFor(letter.repeat(most)).kind).toBe('little')
  expect(roomFor(letter.repeat(most + 1)).kind).toBe('none')
})

test('a text of very many parts is a file', () => {
  expect(partsOf('x'.repeat(ROOM * 10))?.length).toBe(10)
  expect(partsOf('x'.repeat(ROOM * 10 + 1))).toBeUndefined()
  expect(partsOf('中'.repeat(ROOM * 9))).toBeUndefined()
})
