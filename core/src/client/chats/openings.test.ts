import { describe, expect, it } from 'vitest'
import { directChatId, parseUserId } from '../../base/ids.ts'
import type { Opening } from '../model/ports.ts'
import type { Meta } from '../store/local-store.ts'
import { MAX_UNTOLD, Openings } from './openings.ts'

const doctor = parseUserId('dr-ada')!
const pat = directChatId(parseUserId('pat-morgan')!, doctor)
const sam = directChatId(parseUserId('sam-rivera')!, doctor)
const NOON = Date.UTC(2026, 10, 22, 12)
const DAY = 86_400_000

const turn = (): Promise<void> =>
  new Promise((done) =>
    (globalThis as unknown as { setImmediate(run: () => void): void }).setImmediate(done),
  )

const setUp = ({ untold = [] as readonly Opening[], leads = true, reachable = true } = {}) => {
  const world = {
    now: NOON,
    reachable,
    told: [] as (readonly Opening[])[],
    posted: [] as Opening[],
    kept: [] as readonly Opening[],
    due: [] as (() => void)[],
  }
  const openings = new Openings(
    {
      store: {
        async putMeta(patch: Partial<Meta>) {
          world.kept = patch.untoldOpenings ?? world.kept
        },
      },
      timers: {
        now: () => world.now,
        elapsed: () => world.now,
        after(_ms, run) {
          world.due.push(run)
          return () => {
            world.due = world.due.filter((each) => each !== run)
          }
        },
      },
      clock: { now: () => world.now },
      async tell(some) {
        if (!world.reachable) return false
        world.told.push(some)
        return true
      },
      post: (some) => void world.posted.push(...some),
      storageFailed: () => {},
    },
    untold,
  )
  if (leads) openings.lead()
  return { world, openings }
}

describe('which chats were on a screen', () => {
  it('is told once a day for each chat, and once more after another sign-in', async () => {
    const { world, openings } = setUp()
    for (const chat of [pat, pat, sam, pat]) openings.note(chat)
    await turn()
    expect(world.told.flat()).toEqual([
      { chat: pat, at: NOON },
      { chat: sam, at: NOON },
    ])
    expect(world.kept).toEqual([])
    world.now += DAY
    openings.note(pat)
    openings.signedIn()
    openings.note(pat)
    await turn()
    expect(world.told.flat()).toHaveLength(4)
  })

  it('is kept while the server cannot be reached, and told by the next start', async () => {
    const { world, openings } = setUp({ reachable: false })
    openings.note(pat)
    world.now += DAY
    openings.note(pat)
    await turn()
    expect(world.told).toEqual([])
    expect(world.kept).toHaveLength(2)
    openings.stop()
    expect(world.due).toEqual([])

    const next = setUp({ untold: world.kept, reachable: false })
    await turn()
    next.world.reachable = true
    next.world.due.shift()?.()
    await turn()
    expect(next.world.told.flat()).toEqual([
      { chat: pat, at: NOON },
      { chat: pat, at: NOON + DAY },
    ])
    expect(next.world.kept).toEqual([])
  })

  it('goes to the tab that leads', async () => {
    const follower = setUp({ leads: false })
    follower.openings.note(pat)
    await turn()
    expect(follower.world.told).toEqual([])
    const leader = setUp()
    leader.openings.told(follower.world.posted)
    await turn()
    expect(leader.world.told.flat()).toEqual([{ chat: pat, at: NOON }])
  })

  it('is bounded, newest first kept, and goes in parts', async () => {
    const many = Array.from({ length: MAX_UNTOLD + 50 }, (_, i) => ({ chat: pat, at: i }))
    const { world, openings } = setUp({ reachable: false })
    openings.told(many)
    await turn()
    expect(world.kept).toHaveLength(MAX_UNTOLD)
    world.reachable = true
    openings.resume()
    await turn()
    expect(world.told.every((some) => some.length <= 100)).toBe(true)
    expect(world.told.flat()).toEqual(many.slice(50))
  })
})
