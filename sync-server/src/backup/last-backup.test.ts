import { expect, it } from 'vitest'
import { MemoryStore } from '../storage/memory-store.ts'
import { noteBackup, readLastBackup } from './last-backup.ts'

const made = { at: 1_000, folder: '/b/1', seq: 9, files: 2, bytes: 300, problems: 0 }

it('keeps the last that was made beside one that failed since', async () => {
  const store = new MemoryStore()
  expect(await readLastBackup(store)).toEqual({})
  await noteBackup(store, made, 'operator')
  expect(await readLastBackup(store)).toEqual({ made })
  const failed = { at: 2_000, folder: '/b/2', failed: 'the disk is full' }
  await noteBackup(store, failed, 'operator')
  expect(await readLastBackup(store)).toEqual({ made, failed })
  const next = { ...made, at: 3_000 }
  await noteBackup(store, next, 'operator')
  expect(await readLastBackup(store)).toEqual({ made: next })
  const actions: string[] = []
  for await (const { text } of store.readAudit()) actions.push(JSON.parse(text).action)
  expect(actions).toEqual(['backup.made', 'backup.failed', 'backup.made'])
})
