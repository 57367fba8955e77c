import { expect, it } from 'vitest'
import { FairPool } from './fair-pool.ts'
import { networkOf } from './network.ts'

/** Jobs that end when the test says so. */
const workers = (turns: FairPool) => {
  const started: string[] = []
  const finish = new Map<string, () => void>()
  return {
    started,
    run: (group: string, member: string, name: string, signal?: AbortSignal) =>
      turns.run(
        { group, member },
        async () => {
          started.push(name)
          await new Promise<void>((resolve) => finish.set(name, resolve))
          return name
        },
        signal,
      ),
    async end(name: string): Promise<void> {
      finish.get(name)?.()
      await new Promise(setImmediate)
    },
  }
}

it('gives turns to the groups in turn, and in a group to its members in turn', async () => {
  const { run, started, end } = workers(new FairPool({ concurrency: 1, maxWaiting: 100 }))
  void run('ward', 'pat', 'first')
  for (let i = 0; i < 20; i++) void run('ward', 'pat', `pat ${i}`)
  void run('ward', 'ada', 'ada')
  void run('home', 'kim', 'kim')
  await end('first')
  await end('pat 0')
  await end('kim')
  await end('ada')
  expect(started).toEqual(['first', 'pat 0', 'kim', 'ada', 'pat 1'])
})

it('turns away who has most waiting, and never a third one', async () => {
  const turns = new FairPool({ concurrency: 1, maxWaiting: 10 })
  const { run, end } = workers(turns)
  void run('flood', 'one', 'running')
  const flood = Array.from({ length: 150 }, (_, i) => run('flood', 'one', `flood ${i}`))
  const third = run('home', 'kim', 'kim')
  const neighbour = run('flood', 'ada', 'ada')
  expect(turns.waiting).toBe(10)
  const turnedAway = flood.slice(8)
  expect(await Promise.all(turnedAway)).toEqual(turnedAway.map(() => undefined))
  await end('running')
  for (const name of ['flood 0', 'kim', 'ada']) await end(name)
  expect(await third).toBe('kim')
  expect(await neighbour).toBe('ada')
})

it('does no work for who is gone', async () => {
  const { run, started, end } = workers(new FairPool({ concurrency: 1, maxWaiting: 10 }))
  const gone = new AbortController()
  void run('a', '', 'running')
  const waiting = run('a', '', 'gone', gone.signal)
  void run('a', '', 'there')
  gone.abort()
  await end('running')
  expect(await waiting).toBeUndefined()
  expect(started).toEqual(['running', 'there'])
})

it('gives the turn on after a failure', async () => {
  const turns = new FairPool({ concurrency: 1, maxWaiting: 1 })
  const party = { group: 'a', member: '' }
  const failing = turns.run(party, () => Promise.reject(new Error('no')))
  const next = turns.run(party, async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
  expect(await turns.run(party, async () => 'again')).toBe('again')
})

it('a network is an IPv4 address, or the half of an IPv6 address that its user cannot choose', () => {
  expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'))
  expect(networkOf('2001:db8:1:2::9')).not.toBe(networkOf('2001:db8:1:3::9'))
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
})
