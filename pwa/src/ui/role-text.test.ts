import { expect, it } from 'vitest'
import { ownRoleText, roleText } from './role-text.ts'

it('is one word for each', () => {
  expect((['patient', 'doctor', 'staff', 'service'] as const).map(roleText)).toEqual([
    ...['Patient', 'Doctor', 'Staff', 'Program'],
  ])
})

it('says of an admin what else they are', () => {
  expect(ownRoleText('doctor', ['doctor', 'admin'])).toBe('Doctor · Administration')
  expect(ownRoleText('staff', ['admin'])).toBe('Administration')
  expect(ownRoleText('staff', ['staff'])).toBe('Staff')
  expect(ownRoleText('patient')).toBe('Patient')
})
