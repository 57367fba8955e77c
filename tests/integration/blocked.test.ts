/** A doctor, or a patient, takes no messages in a direct chat any more, and takes them again. */
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, callerFor, type Witness } from '../support/http-caller.ts'
import { ada, chat, type Device, pat, World } from '../support/world.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

describe('on devices', () => {
  const worlds: World[] = []
  afterEach(() => {
    for (const world of worlds.splice(0)) for (const device of world.devices) device.kill()
  })

  const pair = async () => {
    const world = await World.open(5)
    worlds.push(world)
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await world.quiesce()
    await phone.send('hello')
    await world.quiesce()
    return { world, phone, desk }
  }
  const summaryOf = (device: Device) => device.client?.shell().chats.find(({ id }) => id === chat)
  const ownOn = async (device: Device) =>
    (await device.open()).items.flatMap((item) =>
      item.type === 'message' && item.mine
        ? [[item.text, item.refused ?? (item.status === 'waiting' ? 'waiting' : 'in')]]
        : [],
    )

  it('is set offline, holds from its arrival, and shows no tick that is not true', async () => {
    const { world, phone, desk } = await pair()
    desk.goOffline()
    await desk.client?.setChatPrefs(chat, { blocked: true })
    expect(summaryOf(desk)).toMatchObject({ blocked: true, closed: false })
    phone.goOffline()
    await phone.send('written before anybody knew')
    desk.goOnline()
    await world.quiesce()
    phone.goOnline()
    await world.quiesce(60_000)
    expect(summaryOf(phone)).toMatchObject({ blocked: false, closed: true })
    expect(summaryOf(desk)).toMatchObject({ blocked: true, closed: false })
    expect(await ownOn(phone)).toEqual([
      ['hello', 'in'],
      ['written before anybody knew', 'BLOCKED'],
    ])
    expect(await desk.texts()).toEqual(['hello'])
    expect(summaryOf(desk)?.unread).toBe(1)
    // Another device of the doctor has it too, and undoes it.
    const tablet = await world.device(ada, 'tablet')
    await world.quiesce()
    expect(summaryOf(tablet)).toMatchObject({ blocked: true })
    await tablet.client?.setChatPrefs(chat, { blocked: false })
    await world.quiesce()
    expect(summaryOf(phone)).toMatchObject({ closed: false })
    expect(summaryOf(desk)).toMatchObject({ blocked: false })
    const { items } = await phone.open()
    const refused = items.find((item) => item.type === 'message' && item.refused !== null)
    await phone.client?.sendAgain(chat, refused?.key ?? '')
    await world.quiesce()
    expect(await desk.texts()).toEqual(['hello', 'written before anybody knew'])
  })

  it('leaves it to the other to take back what they had written, and to read', async () => {
    const { world, phone, desk } = await pair()
    await desk.send('answer')
    await desk.client?.setChatPrefs(chat, { blocked: true })
    await world.quiesce()
    await phone.read()
    await world.quiesce()
    expect((await desk.statuses()).answer).toBe('read')
    const { items } = await phone.open()
    const own = items.find((item) => item.type === 'message' && item.mine)
    await phone.client?.retract(chat, own?.key ?? '')
    await world.quiesce(60_000)
    const seen = (await desk.open()).items.filter((item) => item.type === 'message')
    expect(seen.map(({ retracted }) => retracted)).toEqual([true, false])
  })
})

describe('over HTTP', () => {
  const contract = new ApiContract()
  const keepsContract: Witness = (method, path, answer) =>
    expect(contract.problem({ method, path, ...answer })).toBeUndefined()
  let server: RunningServer
  let dataDir: string
  let asPat: Call
  let asAda: Call

  beforeAll(async () => {
    dataDir = await makeDataDir()
    server = await start(dataDir)
    asPat = await callerFor(server.url, 'pat@demo.clinic', keepsContract)
    asAda = await callerFor(server.url, 'ada@demo.clinic', keepsContract)
    await asPat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  })
  afterAll(async () => {
    await server.close()
    await removeDataDir(dataDir)
  })

  it('is set, told, held and undone', async () => {
    const path = `/api/chat/chats/${chat}`
    const send = async () => {
      const { status, body } = await asPat('POST', `${path}/messages`, { text: 'hello' })
      return [status, body.error?.code]
    }
    const closedBy = async (call: Call) =>
      (await call('GET', '/api/chat/chats')).body.chats[0].closedBy
    expect(await send()).toEqual([201, undefined])
    const set = await asAda('PUT', `${path}/blocked`, { blocked: true })
    expect([set.status, set.body]).toEqual([200, { chatId: chat, blocked: true }])
    expect(await send()).toEqual([403, 'chat-closed'])
    expect([await closedBy(asPat), await closedBy(asAda)]).toEqual([['dr-ada'], ['dr-ada']])
    expect((await asAda('POST', `${path}/messages`, { text: 'I can' })).status).toBe(201)
    expect((await asPat('GET', `${path}/messages`)).body.messages.length).toBe(2)
    await asAda('PUT', `${path}/blocked`, { blocked: false })
    expect(await send()).toEqual([201, undefined])
    expect(await closedBy(asPat)).toBeUndefined()
  })
})
