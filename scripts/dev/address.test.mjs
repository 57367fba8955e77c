import { expect, it } from 'vitest'
import { addressOf } from './address.mjs'

it.each([
  [undefined, 'http://localhost:5173'],
  [' ', 'http://localhost:5173'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ['http://localhost/', 'http://localhost'],
])('%s is the address %s', (text, origin) => {
  expect(addressOf(text)?.origin).toBe(origin)
})

it.each([
  'https://localhost:5173',
  'localhost:5173',
  'http://localhost:5173/app',
  'http://',
  '5173',
])('%s is none', (text) => {
  expect(addressOf(text)).toBeUndefined()
})
