import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { knowsBirthDates, MEMBER_ROLES, ROLES } from '@wardline/core/chat/role'
import { expect, it } from 'vitest'
import { permissionsPage } from './page.ts'
import { may } from './permissions.ts'

it('is what the page says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/permissions.md'), 'utf8')
  expect(page, 'npm run permissions').toBe(permissionsPage())
})

it('gives somebody with several roles what any of them may', () => {
  expect(may('administer', ['doctor', 'admin'])).toBe(true)
  expect(may('patients.find', ['doctor', 'admin'])).toBe(true)
  expect(may('administer', ['doctor', 'staff'])).toBe(false)
  expect(may('chat.use', ['patient', 'admin'], 'member')).toBe(true)
  expect(may('patients.find', [])).toBe(false)
})

it('lets who is an admin alone into no chat', () => {
  for (const relation of ['own', 'member', 'stranger'] as const)
    expect(may('chat.use', ['admin'], relation)).toBe(false)
})

it('lets nobody into a chat that they are not in, nor at what is another one\u2019s', () => {
  expect(may('chat.use', ROLES, 'stranger')).toBe(false)
  for (const operation of ['message.change', 'account.use'] as const)
    for (const relation of ['member', 'stranger'] as const)
      expect(may(operation, ROLES, relation)).toBe(false)
})

it('says of birth dates what devices go by', () => {
  for (const role of MEMBER_ROLES)
    expect(may('birth-date.read', [role], 'member'), role).toBe(knowsBirthDates(role))
})
