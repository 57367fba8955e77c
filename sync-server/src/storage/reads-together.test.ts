import { expect, it } from 'vitest'
import { ReadsTogether, type ReadsValues } from './reads-together.ts'

const storedAt = (key: string): Uint8Array | undefined =>
  key === 'none' ? undefined : new TextEncoder().encode(key)

const damage = (): Error => Object.assign(new Error('bad block'), { code: 'LEVEL_CORRUPTION' })

/** Answers at once, and notes what it was asked for. */
class Values implements ReadsValues {
  readonly calls: (readonly string[])[] = []
  readonly #bad: ReadonlySet<string>
  error: Error | undefined

  constructor(...bad: string[]) {
    this.#bad = new Set(bad)
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany([key])
    return value
  }

  async getMany(keys: string[]): Promise<(Uint8Array | undefined)[]> {
    this.calls.push(keys)
    if (this.error !== undefined) throw this.error
    if (keys.some((key) => this.#bad.has(key))) throw damage()
    return keys.map(storedAt)
  }
}

it('asks once for what is asked for in one turn, and gives each what is theirs', async () => {
  const database = new Values()
  const reads = new ReadsTogether(database)
  const found = await Promise.all([
    reads.values(['a', 'b']),
    Promise.resolve().then(() => reads.values(['none'])),
    reads.values([]),
    reads.values(['a']),
  ])
  expect(found).toEqual([[storedAt('a'), storedAt('b')], [undefined], [], [storedAt('a')]])
  expect(database.calls.map((keys) => [...keys].sort())).toEqual([['a', 'a', 'b', 'none']])
  await reads.values(['c'])
  expect(database.calls).toHaveLength(2)
})

it('asks for no more than some at a time, but for a list that is longer', async () => {
  const database = new Values()
  const reads = new ReadsTogether(database)
  const long = Array.from({ length: 600 }, (_, i) => `long${i}`)
  const others = Array.from({ length: 300 }, (_, i) => `other${i}`)
  const found = await Promise.all([
    ...others.map((key) => reads.values([key])),
    reads.values(long),
    reads.values(['last']),
  ])
  expect(found.flat()).toEqual([...others, ...long, 'last'].map(storedAt))
  expect(database.calls.map((keys) => keys.length)).toEqual([256, 44, 600, 1])
})

it('keeps damage to the key that it is of', async () => {
  const reads = new ReadsTogether(new Values('b'))
  const [first, second] = await Promise.all([reads.values(['a', 'b']), reads.values(['c'])])
  expect(first).toEqual([storedAt('a'), damage()])
  expect(second).toEqual([storedAt('c')])
})

it('fails all who wait when the database does', async () => {
  const database = new Values()
  database.error = new Error('not open')
  const reads = new ReadsTogether(database)
  const both = await Promise.allSettled([reads.values(['a']), reads.values(['b'])])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  database.error = undefined
  expect(await reads.values(['a'])).toEqual([storedAt('a')])
})
