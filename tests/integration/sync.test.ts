import { clientIdOf, writerFrom } from '@wardline/core/base/client-id'
import { chatDoc, type DocName, monthOf, pageDoc, userDoc } from '@wardline/core/base/ids'
import { writeEntry } from '@wardline/core/chat/entry'
import { logName } from '@wardline/core/chat/lanes'
import { MAX_FRAME, MAX_HELLO } from '@wardline/core/protocol/frames'
import type { RunningServer } from '@wardline/sync-server/server'
import { rowsOf } from '@wardline/sync-server/storage/doc-content'
import {
  ada,
  ben,
  chat,
  deviceOf,
  pat,
  plainBody,
  TestLaneWriter,
} from '@wardline/sync-server/sync/sync-test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import {
  connect,
  connectPlain,
  makeDataDir,
  type Plain,
  removeDataDir,
  signIn,
  start,
  until,
  Wire,
} from './sync-kit.ts'

let dataDir: string
let server: RunningServer
let plain: Plain[]

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  plain = []
})
afterEach(async () => {
  for (const { provider } of plain) provider.destroy()
  await server.close()
  await removeDataDir(dataDir)
})

const restart = async (): Promise<void> => {
  await server.close()
  server = await start(dataDir)
}

/** What a document holds on the disk. */
const stored = async (name: DocName): Promise<Y.Doc> => {
  const doc = new Y.Doc()
  for (const { update } of rowsOf(await server.store.read(name))) Y.applyUpdate(doc, update)
  return doc
}
const textsOf = (doc: Y.Doc, index: number): string[] =>
  doc
    .getArray<unknown[]>(logName(index))
    .toArray()
    .map((tuple) => new TextDecoder().decode((tuple[8] as Uint8Array).subarray(1)))
    .map((json) => (JSON.parse(json) as { text: string }).text)

describe('multiplexed clients', () => {
  it('[WRITE-1] exchange messages, each acknowledged and passed on once it is durable', async () => {
    const laneWriter = new TestLaneWriter(pat, 1, Date.now())
    const [patient, doctor] = await Promise.all([connect(server, pat), connect(server, ada)])
    patient.openDoc(1, laneWriter.page())
    patient.send({ type: 'update', channel: 1, update: laneWriter.message('hello') })
    expect(await patient.one('head', 2)).toMatchObject({ head: 1, accepted: 1 })
    expect(textsOf(await stored(laneWriter.page()), 1)).toEqual(['hello'])

    doctor.openDoc(7, laneWriter.page())
    expect(await doctor.one('rows')).toMatchObject({ channel: 7, head: 1 })
    patient.send({ type: 'update', channel: 1, update: laneWriter.message('again') })
    const rows = await doctor.one('rows', 2)
    expect(rows.head).toBe(2)
  })

  it('[OPEN-1] [ACK-1] keep their heads over a restart, and the cursor', async () => {
    const laneWriter = new TestLaneWriter(pat, 1, Date.now())
    const before = await connect(server, pat)
    const { epoch } = before.of('welcome')[0]!
    before.openDoc(1, laneWriter.page())
    for (const text of ['one', 'two', 'three'])
      before.send({ type: 'update', channel: 1, update: laneWriter.message(text) })
    await until(() => expect(before.of('head').at(-1)).toMatchObject({ accepted: 3 }))
    const { cursor } = await before.one('cursor')
    await restart()
    expect((await before.end()).code).toBe(1012)

    const after = await connect(server, pat, { epoch, cursor })
    expect(after.of('welcome')[0]).toMatchObject({ epoch, complete: false, docs: [] })
    after.openDoc(1, laneWriter.page(), 3)
    expect(await after.one('head')).toMatchObject({ head: 3, accepted: 0 })
    expect(after.of('rows')).toEqual([])
    after.send({ type: 'update', channel: 1, update: laneWriter.message('four') })
    expect(await after.one('head', 2)).toMatchObject({ head: 4, accepted: 1 })
    const fresh = await connect(server, ada)
    fresh.openDoc(1, laneWriter.page(), 2)
    expect((await fresh.one('rows')).updates.length).toBe(2)
  })

  it('[OPEN-4] are kept out of what is not theirs', async () => {
    const now = Date.now()
    await connect(server, pat).then(async (wire) => {
      wire.openDoc(1, pageDoc(chat, monthOf(now)))
      await wire.one('head')
    })
    const stranger = await connect(server, ben)
    stranger.openDoc(1, chatDoc(chat))
    stranger.openDoc(2, userDoc(pat))
    stranger.openDoc(3, pageDoc(chat, monthOf(now)))
    await stranger.one('closed', 3)
    expect(stranger.of('closed').map(({ code }) => code)).toEqual([4403, 4403, 4403])
    const patient = await connect(server, pat)
    patient.openDoc(1, pageDoc(chat, monthOf(now + 40 * 24 * 3_600_000)))
    expect(await patient.one('closed')).toMatchObject({ code: 4404 })
  })

  it('[FRAME-1] [LIMIT-1] [FRAME-2] are closed for what is no frame, and others go on', async () => {
    const bystander = await connect(server, ada)
    const broken: [string, (wire: Wire) => void, number][] = [
      ['empty', (wire) => wire.ws.send(new Uint8Array()), 4400],
      ['unknown type', (wire) => wire.ws.send(new Uint8Array([99])), 4400],
      ['cut off', (wire) => wire.ws.send(new Uint8Array([3, 1, 50, 0])), 4400],
      ['text', (wire) => wire.ws.send('hello'), 4400],
      ['too large', (wire) => wire.ws.send(new Uint8Array(MAX_FRAME + 1)), 1009],
    ]
    for (const [what, send, code] of broken) {
      const wire = await connect(server, pat)
      send(wire)
      expect((await wire.end()).code, what).toBe(code)
    }
    bystander.send({ type: 'ping' })
    await bystander.one('pong')
  })

  it('[LIMIT-4] [HELLO-1] have to say who they are, soon and briefly', async () => {
    const first: [string, (wire: Wire) => void, number][] = [
      ['no hello', (wire) => wire.send({ type: 'ping' }), 4400],
      ['too long', (wire) => wire.ws.send(new Uint8Array(MAX_HELLO + 1)), 4400],
      [
        'no token',
        (wire) =>
          wire.send({
            type: 'hello',
            version: 1,
            token: 'a.b.c',
            device: deviceOf(pat),
            writer: 1,
            epoch: '',
            cursor: '',
          }),
        4401,
      ],
      ['another version', (wire) => wire.ws.send(new Uint8Array([0, 2, 1, 1, 1])), 4426],
    ]
    for (const [what, send, code] of first) {
      const wire = await new Wire(server).open()
      send(wire)
      expect((await wire.end()).code, what).toBe(code)
      expect(wire.frames, what).toEqual([])
    }
    await server.close()
    server = await start(dataDir, { limits: { helloMs: 20 } })
    expect((await new Wire(server).end()).code).toBe(4408)
  })

  it('[CLOSE-5] that are pages of other origins do not get in', async () => {
    const foreign = new Wire(server, '/socket', { Origin: 'https://evil.example' })
    await until(() => expect(foreign.refused).toBe(403))
    const own = await new Wire(server, '/socket', { Origin: server.url }).open()
    expect(own.ws.readyState).toBe(WebSocket.OPEN)
    own.ws.terminate()
    const elsewhere = new Wire(server, '/other')
    await until(() => expect(elsewhere.refused).toBe(404))
  })

  it('[HELLO-6] lose their sockets with their session', async () => {
    const login = await fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'pat@demo.clinic', password: 'wardline-demo' }),
    })
    const { accessToken: token } = (await login.json()) as { accessToken: string }
    const device = deviceOf(pat)
    const greet = async (): Promise<Wire> => {
      const wire = await new Wire(server).open()
      wire.send({ type: 'hello', version: 1, token, device, writer: 1, epoch: '', cursor: '' })
      return wire
    }
    const wire = await greet()
    await wire.one('welcome')
    const cookie = login.headers.getSetCookie().map((text) => text.split(';')[0])[0] ?? ''
    await fetch(`${server.url}/api/auth/logout`, { method: 'POST', headers: { Cookie: cookie } })
    expect((await wire.end()).code).toBe(4401)
    const again = await greet()
    expect((await again.end()).code).toBe(4401)
    expect(again.frames).toEqual([])
  })
})

describe('unmodified y-websocket clients', () => {
  const now = Date.now()
  const month = monthOf(now)
  const page = pageDoc(chat, month)
  const writer = writerFrom(new Uint8Array([9, 8, 7, 6, 5]))

  const join = async (
    name: string,
    who: typeof pat,
    client: number | undefined,
    doc?: Y.Doc,
  ): Promise<Plain> => {
    const one = connectPlain(server, name, await signIn(server, who), client, doc)
    plain.push(one)
    return one
  }
  const say = (doc: Y.Doc, index: number, n: number, text: string): void =>
    doc.getArray(logName(index)).push([
      writeEntry({
        writer,
        n,
        device: deviceOf(pat),
        at: now + n,
        kind: 1,
        ref: null,
        seen: new Map(),
        body: plainBody(text),
        signature: null,
      }),
    ])

  it('[PLAIN-1] read the page and write their own lane', async () => {
    const mine = await join(page, pat, clientIdOf(1, writer))
    await until(() => expect(mine.provider.synced).toBe(true))
    say(mine.doc, 1, 1, 'from a stock client')
    say(mine.doc, 1, 2, 'and again')
    const doctor = await connect(server, ada)
    const laneWriter = new TestLaneWriter(ada, 2, now)
    doctor.openDoc(1, page)
    await until(async () => expect(textsOf(await stored(page), 1)).toHaveLength(2))
    doctor.send({ type: 'update', channel: 1, update: laneWriter.message('an answer') })
    await until(() => expect(textsOf(mine.doc, 2)).toEqual(['an answer']))
    // The lane's document was made by the first update, and is listed in the chat.
    expect((await stored(chatDoc(chat))).getMap('sys').get(`page/${month}`)).toBe(true)
    expect(mine.closed).toEqual([])
  })

  it('[PLAIN-3] are refused on another’s lane, which stays as it is', async () => {
    const doctor = await connect(server, ada)
    doctor.openDoc(1, page)
    doctor.send({
      type: 'update',
      channel: 1,
      update: new TestLaneWriter(ada, 2, now).message('mine'),
    })
    await doctor.one('head', 2)
    const before = await server.store.read(page)

    const impostors: [string, number, number][] = [
      ['another’s log', clientIdOf(1, writer), 2],
      ['the state of the server', clientIdOf(1, writer), 0],
    ]
    for (const [what, client, lane] of impostors) {
      const eve = await join(page, pat, client)
      await until(() => expect(eve.provider.synced).toBe(true))
      say(eve.doc, lane, 1, 'not mine')
      await until(() => expect(eve.closed, what).toHaveLength(1))
      expect(eve.closed[0]?.code).toBe(4409)
    }
    expect(await server.store.read(page)).toEqual(before)
    expect(doctor.of('rows')).toEqual([])
  })

  it('[PLAIN-4] may carry what others wrote; it changes nothing', async () => {
    const doctor = await connect(server, ada)
    const laneWriter = new TestLaneWriter(ada, 2, now)
    doctor.openDoc(1, page)
    const known = laneWriter.message('known')
    doctor.send({ type: 'update', channel: 1, update: known })
    await doctor.one('head', 2)

    const doc = new Y.Doc()
    Y.applyUpdate(doc, known)
    // Of an author whose device has not sent it, as after a restore.
    Y.applyUpdate(doc, laneWriter.message('not on the server'))
    const mine = await join(page, pat, clientIdOf(1, writer), doc)
    await until(() => expect(mine.provider.synced).toBe(true))
    say(mine.doc, 1, 1, 'mine')
    await until(async () => expect(textsOf(await stored(page), 1)).toEqual(['mine']))
    expect(textsOf(await stored(page), 2)).toEqual(['known'])
    expect(mine.closed).toEqual([])
  })

  it('[PLAIN-2] see in a close code why they may not', async () => {
    const mine = await join(page, pat, clientIdOf(1, writer))
    await until(() => expect(mine.provider.synced).toBe(true))
    const refused: [string, typeof pat, number][] = [
      [page, ben, 4403],
      [`user/${ada}`, pat, 4403],
      ['chat/dm.pat-morgan.dr-ada/2999-01', pat, 4404],
      ['no-document', pat, 4404],
      ['chat/dm.pat-morgan.nobody-here', pat, 4403],
    ]
    for (const [name, who, code] of refused) {
      const one = await join(name, who, undefined)
      await until(() => expect(one.closed, name).toHaveLength(1))
      expect(one.closed[0]?.code, name).toBe(code)
      expect(one.provider.synced).toBe(false)
    }
    const anonymous = connectPlain(server, page, 'a.b.c', undefined)
    plain.push(anonymous)
    await until(() => expect(anonymous.closed).toHaveLength(1))
    expect(anonymous.closed[0]?.code).toBe(4401)
  })

  it('[PLAIN-6] come back after a restart by themselves', async () => {
    const mine = await join(page, pat, clientIdOf(1, writer))
    await until(() => expect(mine.provider.synced).toBe(true))
    const { port } = server
    say(mine.doc, 1, 1, 'before')
    await until(async () => expect(textsOf(await stored(page), 1)).toEqual(['before']))
    await server.close()
    await until(() => expect(mine.provider.wsconnected).toBe(false))
    say(mine.doc, 1, 2, 'without a server')
    server = await start(dataDir, {}, port)
    await until(async () =>
      expect(textsOf(await stored(page), 1)).toEqual(['before', 'without a server']),
    )
  })

  it('[AWARE-3] are told who is online, and who types', async () => {
    await join(page, pat, clientIdOf(1, writer)) // starts the chat
    const doctor = await connect(server, ada)
    const mine = await join(chatDoc(chat), pat, clientIdOf(1, writer))
    await until(() => {
      const states = [...mine.provider.awareness.getStates().values()]
      const online = states.map((state) => state.online as string[] | undefined)
      expect(new Set(online.find((list) => list !== undefined))).toEqual(new Set([pat, ada]))
    })
    doctor.openDoc(1, chatDoc(chat))
    await doctor.one('head')
    mine.provider.awareness.setLocalStateField('typing', true)
    await until(() => expect(doctor.of('awareness').length).toBeGreaterThan(0))
  })
})
