/**
 * Five tabs of a browser, and the one that holds the socket is killed in the middle of what it does,
 * again and again. The seed is printed; set SEED to repeat, and ROUNDS for more of it.
 */
import { expect, it } from 'vitest'
import { randomFrom } from '../support/random.ts'
import { ada, type Device, pat, World } from '../support/world.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env.ROUNDS ?? 20)
const TABS = 5

it(`seed ${seed}: five tabs, the leader killed ${rounds} times: each message is there once`, {
  timeout: 60_000 + rounds * 5_000,
}, async () => {
  const random = randomFrom(seed)
  const world = await World.open(seed)
  const desk = await world.device(ada, 'desk')
  const phone = await world.device(pat, 'phone')
  const tabs: Device[] = [phone]
  let opened = 0
  const another = () => world.tab(tabs[0] as Device, `tab ${++opened}`)
  while (tabs.length < TABS) tabs.push(await another())
  /** Written by a tab that lived to say that it is stored. */
  const sent: string[] = []
  /** Written by one that did not. */
  const perhaps: string[] = []
  for (let round = 0; round < rounds; round++) {
    const [leader] = tabs
    const online = random() < 0.7
    for (const tab of tabs) {
      if (online) tab.goOnline()
      else tab.goOffline()
    }
    const sending = tabs.map(async (tab, i) => {
      const text = `round ${round}, tab ${i}`
      if (tab === leader) {
        perhaps.push(text)
        await tab.send(text).catch(() => {})
        return
      }
      await tab.send(text)
      sent.push(text)
    })
    for (let left = Math.floor(random() * 12); left > 0; left--) await new Promise(setImmediate)
    leader?.kill()
    tabs.shift()
    await Promise.all(sending.slice(1))
    tabs.push(await another())
    await world.settle()
  }
  for (const tab of tabs) tab.goOnline()
  await world.quiesce()
  const texts = await desk.texts()
  expect(new Set(texts).size).toBe(texts.length)
  expect(sent.filter((text) => !texts.includes(text))).toEqual([])
  expect(texts.filter((text) => !sent.includes(text) && !perhaps.includes(text))).toEqual([])
  for (const tab of tabs) {
    expect(await tab.texts()).toEqual(texts)
    expect(Object.values(await tab.statuses())).not.toContain('waiting')
  }
})
