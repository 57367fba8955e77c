import { describe, expect, it } from 'vitest'
import { LiveSessions } from './live-sessions.ts'

describe('the sessions that are there', () => {
  it('are those that have begun and not ended', () => {
    const live = new LiveSessions()
    live.begin('a')
    live.begin('b')
    live.end('a')
    expect(['a', 'b', 'c'].map((id) => live.has(id))).toEqual([false, true, false])
  })

  it('are none whose end was heard of before its beginning', () => {
    const live = new LiveSessions()
    live.end('a')
    live.begin('a')
    expect(live.has('a')).toBe(false)
    expect(live.size).toBe(0)
  })

  it('remember a bounded number of such ends', () => {
    const live = new LiveSessions()
    for (let n = 0; n < 5_000; n++) live.end(`e${n}`)
    live.begin('e0')
    live.begin('e4999')
    expect([live.has('e0'), live.has('e4999')]).toEqual([true, false])
  })

  it('are read anew with what changes meanwhile, and go on as before if that fails', async () => {
    const live = new LiveSessions()
    live.begin('gone')
    live.begin('kept')
    let give: (ids: string[]) => void = () => {}
    const loading = live.load(() => new Promise((done) => (give = done)))
    expect(live.has('gone')).toBe(true)
    live.begin('new')
    live.end('ended')
    give(['kept', 'ended', 'stored'])
    await loading
    const ids = ['gone', 'kept', 'new', 'ended', 'stored']
    expect(ids.map((id) => live.has(id))).toEqual([false, true, true, false, true])
    await expect(live.load(() => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk')
    expect(live.has('kept')).toBe(true)
  })

  it('hear the last of two that read at once', async () => {
    const live = new LiveSessions()
    const gives: ((ids: string[]) => void)[] = []
    const read = () => new Promise<string[]>((done) => gives.push(done))
    const loads = [live.load(read), live.load(read)]
    live.end('ended')
    gives[1]?.(['b', 'ended'])
    gives[0]?.(['a', 'ended'])
    await Promise.all(loads)
    expect(['a', 'b', 'ended'].map((id) => live.has(id))).toEqual([false, true, false])
  })

  it('are not all that is good: what was admitted is, until it is dismissed', async () => {
    const live = new LiveSessions()
    live.admit('token')
    await live.load(async () => [])
    expect(live.has('token')).toBe(true)
    live.dismiss('token')
    expect(live.has('token')).toBe(false)
  })
})
