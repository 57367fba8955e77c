import { expect, it } from 'vitest'
import { hashPassword, verifyPassword } from './password.ts'

it('uses Argon2id with 19 MiB and two passes', async () => {
  expect(await hashPassword('correct horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

it('tells the right password from wrong ones', async () => {
  const hash = await hashPassword('correct horse')
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await verifyPassword('correct horsf', hash)).toBe(false)
})

it('knows no password for an unknown account, not even the stand-in’s', async () => {
  expect(await verifyPassword('there is no such account', undefined)).toBe(false)
})
