import { describe, expect, it, vi } from 'vitest'
import { askToKeep, persistence, storageRoom } from './storage-persistence.ts'

const answering = (persisted: boolean, persist: boolean) => ({
  persisted: async () => persisted,
  persist: vi.fn(async () => persist),
})

describe('askToKeep', () => {
  it('does not ask again what was granted', async () => {
    const storage = answering(true, false)
    expect(await askToKeep(storage)).toEqual({ kind: 'kept' })
    expect(storage.persist).not.toHaveBeenCalled()
  })

  it('warns when the browser refuses', async () => {
    expect(await askToKeep(answering(false, true))).toEqual({ kind: 'kept' })
    expect(await askToKeep(answering(false, false))).toEqual({ kind: 'evictable' })
  })

  it('does not know without the interface, or when that fails', async () => {
    const failing = async () => {
      throw new TypeError('no')
    }
    expect(await askToKeep(undefined)).toEqual({ kind: 'unknown' })
    expect(await askToKeep({})).toEqual({ kind: 'unknown' })
    expect(await askToKeep({ persisted: failing, persist: failing })).toEqual({ kind: 'unknown' })
  })
})

describe('persistence', () => {
  it('asks for nothing', async () => {
    const storage = answering(false, true)
    expect(await persistence(storage)).toEqual({ kind: 'evictable' })
    expect(storage.persist).not.toHaveBeenCalled()
    expect(await persistence(answering(true, false))).toEqual({ kind: 'kept' })
    expect(await persistence({})).toEqual({ kind: 'unknown' })
    const failing = () => Promise.reject(new TypeError('no'))
    expect(await persistence({ persisted: failing })).toEqual({ kind: 'unknown' })
  })
})

describe('storageRoom', () => {
  it('tells use and quota when the browser does', async () => {
    expect(await storageRoom({ estimate: async () => ({ usage: 3, quota: 10 }) })).toEqual({
      used: 3,
      quota: 10,
    })
    expect(await storageRoom({ estimate: async () => ({}) })).toBeUndefined()
    expect(await storageRoom({})).toBeUndefined()
  })
})
