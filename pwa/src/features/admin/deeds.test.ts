import { expect, it } from 'vitest'
import type { Account, Status } from './admin-api.ts'
import { deedsOf } from './deeds.tsx'

const account = (status: Status, hold?: string): Account => ({
  id: 'pat-morgan',
  name: 'Pat Morgan',
  roles: ['patient'],
  status,
  hasPassword: true,
  createdAt: 0,
  ...(hold !== undefined && { hold }),
})
const names = (of: Account, me = 'robin-shah') => deedsOf(of, me).map(({ name }) => name)

it('an account can be done with what makes sense for it', () => {
  expect(names(account('invited'))).toEqual(['close', 'hold'])
  expect(names(account('active'))).toEqual(['disable', 'close', 'hold'])
  expect(names(account('disabled'))).toEqual(['enable', 'close', 'hold'])
  expect(names(account('closed'))).toEqual(['enable', 'hold', 'erase'])
})

it('nothing is erased that is on hold, and nobody shuts themselves out', () => {
  expect(names(account('closed', 'Case 7'))).toEqual(['enable', 'release'])
  expect(names(account('active'), 'pat-morgan')).toEqual(['hold'])
})
