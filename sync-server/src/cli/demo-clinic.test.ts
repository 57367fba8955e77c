import { parseUserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { verifyPassword } from '../auth/password.ts'
import { Directory } from '../directory/directory.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { DEMO_PASSWORD, openDemoClinic } from './demo-clinic.ts'

it('opens on an empty store, once, and completes a start that was cut short', async () => {
  const store = new MemoryStore()
  const directory = new Directory({ store })
  expect(await openDemoClinic(store, directory)).toBe(true)
  expect((await directory.listDoctors('')).map(({ name }) => name)).toEqual([
    'Dr Ada Osei',
    'Dr Ben Laurent',
  ])
  const pat = await directory.findByEmail('pat@demo.clinic')
  expect(await verifyPassword(DEMO_PASSWORD, pat?.passwordHash)).toBe(true)
  const seq = store.lastSeq()
  expect(await openDemoClinic(store, directory)).toBe(true)
  expect(store.lastSeq()).toBe(seq)
  const sam = (await store.listRecords('email/')).find(({ value }) => has(value, 'sam-rivera'))
  const records = ['user/sam-rivera', sam!.key].map((key) => ({ key, value: null }))
  await store.commit({ records })
  expect(await openDemoClinic(store, directory)).toBe(true)
  expect(await directory.findByEmail('sam@demo.clinic')).toMatchObject({ id: 'sam-rivera' })
})

it('stays away from a store with other people in it', async () => {
  const store = new MemoryStore()
  const directory = new Directory({ store })
  await directory.createUser({
    id: parseUserId('u-real')!,
    email: 'real@clinic.example',
    name: 'Real Person',
    roles: ['patient'],
    passwordHash: 'x',
  })
  expect(await openDemoClinic(store, directory)).toBe(false)
  expect(await directory.listDoctors('')).toEqual([])
})

it('is still there when its admin has added somebody, and gets no account back then', async () => {
  const store = new MemoryStore()
  const directory = new Directory({ store })
  await openDemoClinic(store, directory)
  const id = parseUserId('u-invited')!
  await directory.createUser({ id, name: 'Kim Novak', roles: ['patient'] })
  await store.commit({ records: [{ key: 'user/sam-rivera', value: null }] })
  expect(await openDemoClinic(store, directory)).toBe(true)
  expect(await directory.getUser(parseUserId('sam-rivera')!)).toBeUndefined()
})

const has = (value: unknown, text: string): boolean => JSON.stringify(value).includes(text)
