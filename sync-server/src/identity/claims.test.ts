import { describe, expect, it } from 'vitest'
import type { RoleMap } from '../config/identity-config.ts'
import { emailOf, readClaim, rolesOf, subjectOf, textOf } from './claims.ts'

const map: RoleMap = new Map([
  ['physicians', ['doctor']],
  ['chief', ['doctor', 'admin']],
  ['desk', ['staff']],
])

describe('roles of a claim', () => {
  it('are those that its values stand for, once each', () => {
    expect(rolesOf('physicians', map)).toEqual(['doctor'])
    expect(rolesOf(['desk', 'chief', 'physicians', 'choir'], map)).toEqual([
      'doctor',
      'admin',
      'staff',
    ])
    for (const none of [undefined, null, 7, 'Physicians', ['choir'], { physicians: true }, []])
      expect(rolesOf(none, map)).toEqual([])
  })

  it('are of so many values, and no more', () => {
    const many = Array.from({ length: 999 }, (_, i) => `group ${i}`)
    expect(rolesOf([...many, 'desk'], map)).toEqual(['staff'])
    expect(rolesOf([...many, 'choir', 'desk'], map)).toEqual([])
  })
})

it('a claim is found by its name, or step by step, and never in what every object has', () => {
  const claims = { 'a.b': 1, a: { b: 2, c: { d: 3 } }, text: 'x' }
  expect(readClaim(claims, 'a.b')).toBe(1)
  expect(readClaim(claims, 'a.c.d')).toBe(3)
  for (const name of ['a.x', 'text.length', 'constructor', 'a.constructor.name', '__proto__'])
    expect(readClaim(claims, name), name).toBeUndefined()
})

it('a subject is a text or a whole number', () => {
  expect(subjectOf('4711')).toBe('4711')
  expect(subjectOf(4711)).toBe('4711')
  for (const none of ['', 1.5, 'x'.repeat(256), true, null, ['4711']])
    expect(subjectOf(none)).toBeUndefined()
})

it('an address counts as verified when that is said, and not when something like it is', () => {
  expect(emailOf(' a@x.example ', true)).toEqual({ address: 'a@x.example', verified: true })
  for (const said of [undefined, 'true', 1, false, null])
    expect(emailOf('a@x.example', said)?.verified).toBe(false)
  expect(emailOf(undefined, true)).toBeUndefined()
  expect(textOf(' \n ')).toBeUndefined()
})
