/** What happens to a person, and to what they wrote, when there is no more room for it. */
import { readServerFrame } from '@wardline/core/protocol/frames'
import { DEFAULT_QUOTAS } from '@wardline/sync-server/config/quotas'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { type Call, callerFor, type Witness } from '../support/http-caller.ts'
import { ada, chat, type Device, pat, World } from '../support/world.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const KiB = 1024

describe('a device', () => {
  const worlds: World[] = []
  afterEach(() => {
    for (const world of worlds.splice(0)) for (const device of world.devices) device.kill()
  })

  const pair = async (patientBytes: number) => {
    const world = await World.open(7)
    worlds.push(world)
    world.quotas = { patientBytes }
    world.crashServer()
    world.startServer()
    const phone = await world.device(pat, 'phone')
    const desk = await world.device(ada, 'desk')
    await world.quiesce()
    return { world, phone, desk }
  }

  const refusedOn = async (device: Device): Promise<string[]> => {
    const { items } = await device.open()
    return items.flatMap((item) =>
      item.type === 'message' && item.refused !== null
        ? [`${item.text.slice(0, 7)} ${item.refused}`]
        : [],
    )
  }

  it('keeps what found no room, says so, and goes on with all that does', async () => {
    const { world, phone, desk } = await pair(30 * KiB)
    for (let i = 0; i < 2; i++) await phone.send(`fits ${i} ${'x'.repeat(10 * KiB)}`)
    await world.quiesce()
    phone.goOffline()
    await phone.send(`large ${'y'.repeat(20 * KiB)}`)
    await phone.send(`second ${'y'.repeat(20 * KiB)}`)
    phone.goOnline()
    await world.quiesce(60_000)
    expect(await refusedOn(phone)).toEqual(['large y FULL', 'second  FULL'])
    // It is there after a restart, too.
    phone.kill()
    await phone.start()
    await world.quiesce()
    expect(await refusedOn(phone)).toEqual(['large y FULL', 'second  FULL'])
    // The other writes, and is read.
    await desk.send('from the doctor')
    await world.quiesce()
    await phone.read()
    await world.quiesce()
    expect((await desk.statuses())['from the doctor']).toBe('read')
    // What is small still fits.
    await phone.send('small')
    await world.quiesce()
    expect((await desk.texts()).map((text) => text.slice(0, 7))).toEqual([
      'fits 0 ',
      'fits 1 ',
      'from th',
      'small',
    ])
    expect((await phone.statuses()).small).toBe('delivered')
  })

  it('asks once, and not for ever, where not even a receipt fits', async () => {
    const { world, phone, desk } = await pair(1)
    await desk.send('from the doctor')
    await world.quiesce(30_000)
    phone.heard = []
    for (let i = 0; i < 3; i++) {
      await desk.send(`more ${i}`)
      await world.quiesce(10_000)
    }
    const rejects = phone.heard.map(readServerFrame).filter(({ type }) => type === 'reject')
    expect(rejects).toEqual([])
    expect(await phone.texts()).toEqual(['from the doctor', 'more 0', 'more 1', 'more 2'])
  })

  it('takes back when nothing fits any more, and then sends what was refused', async () => {
    const { world, phone, desk } = await pair(30 * KiB)
    for (let i = 0; i < 2; i++) await phone.send(`fits ${i} ${'x'.repeat(12 * KiB)}`)
    await phone.send(`more ${'x'.repeat(12 * KiB)}`)
    await world.quiesce(60_000)
    expect(await refusedOn(phone)).toEqual(['more xx FULL'])
    const { items } = await phone.open()
    const messages = items.filter((item) => item.type === 'message')
    const [first] = messages
    await phone.client?.retract(chat, first?.key ?? '')
    await world.quiesce(120_000)
    const again = async () => {
      const refused = (await phone.open()).items.find(
        (item) => item.type === 'message' && item.refused !== null,
      )
      if (refused !== undefined) await phone.client?.sendAgain(chat, refused.key)
      await world.quiesce(120_000)
    }
    // The first has it counted anew.
    await again()
    await again()
    expect(await refusedOn(phone)).toEqual([])
    expect((await desk.texts()).at(-1)).toContain('more')
  })
})

describe('over HTTP', () => {
  const contract = new ApiContract()
  /** Every answer is one that the OpenAPI document has. */
  const keepsContract: Witness = (method, path, answer) =>
    expect(contract.problem({ method, path, ...answer })).toBeUndefined()
  let server: RunningServer
  let dataDir: string
  let asPat: Call
  let asAda: Call

  beforeAll(async () => {
    dataDir = await makeDataDir()
    server = await start(dataDir, { quotas: { ...DEFAULT_QUOTAS, patientBytes: 40 * KiB } })
    asPat = await callerFor(server.url, 'pat@demo.clinic', keepsContract)
    asAda = await callerFor(server.url, 'ada@demo.clinic', keepsContract)
    await asPat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
  })
  afterAll(async () => {
    await server.close()
    await removeDataDir(dataDir)
  })

  it('is told so, and reads all the same', async () => {
    const path = `/api/chat/chats/${chat}/messages`
    const text = 'x'.repeat(10 * KiB)
    const statuses: number[] = []
    let id = ''
    for (let i = 0; i < 5; i++) {
      const answer = await asPat('POST', path, { text })
      statuses.push(answer.status)
      if (answer.status === 201) id = answer.body.message.id
      else expect(answer.body.error.code).toBe('quota-full')
    }
    expect(statuses).toEqual([201, 201, 201, 507, 507])
    expect((await asPat('PUT', `/api/chat/messages/${id}`, { text: text.repeat(2) })).status).toBe(
      507,
    )
    expect((await asAda('POST', path, { text })).status).toBe(201)
    const read = await asPat('GET', path)
    expect([read.status, read.body.messages.length]).toEqual([200, 4])
    expect((await asPat('DELETE', `/api/chat/messages/${id}`)).status).toBe(200)
  })
})
