import { describe, expect, it } from 'vitest'
import { knowsBirthDates, memberRoleOf, parseMemberRole, parseRoles, type Role } from './role.ts'

describe('roles of an account', () => {
  it('come once each, in one order', () => {
    expect(parseRoles(['admin', 'doctor', 'admin'])).toEqual(['doctor', 'admin'])
    expect(parseRoles(['staff'])).toEqual(['staff'])
    expect(parseRoles(['admin', 'patient'])).toEqual(['patient', 'admin'])
  })

  it.each([
    [[]],
    ['doctor'],
    [undefined],
    [['nurse']],
    [['doctor', 'nurse']],
    [['service', 'admin']],
    [['patient', 'doctor']],
    [['staff', 'patient']],
    [Array.from({ length: 6 }, () => 'doctor')],
  ])('are refused when nobody can have them: %j', (value) => {
    expect(parseRoles(value)).toBeUndefined()
  })

  it.each<[Role[], string]>([
    [['doctor', 'admin'], 'doctor'],
    [['doctor', 'staff'], 'doctor'],
    [['staff', 'admin'], 'staff'],
    [['admin'], 'staff'],
    [['patient'], 'patient'],
    [['patient', 'admin'], 'patient'],
    [['service'], 'service'],
  ])('%j is seen as %s', (roles, seen) => {
    expect(memberRoleOf(roles)).toBe(seen)
    expect(parseMemberRole(seen)).toBe(seen)
  })

  it('is no member role of a chat to be an admin', () => {
    expect(parseMemberRole('admin')).toBeUndefined()
  })

  it('tells birth dates to doctors and staff', () => {
    expect((['patient', 'doctor', 'staff', 'service'] as const).filter(knowsBirthDates)).toEqual([
      'doctor',
      'staff',
    ])
  })
})
