/**
 * Whatever a person writes is stored, or still there with the reason: over every way by which text
 * leaves a field, and everything that can be in the way.
 */

import { clientIdOf, type Writer } from '@wardline/core/base/client-id'
import { type ChatId, monthOf, pageDoc, parseDeviceId } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { type Entry, EntryKind, writeEntry } from '@wardline/core/chat/entry'
import { logName } from '@wardline/core/chat/lanes'
import { excessOf, textParts } from '@wardline/core/client/conversation/fit-content'
import { outcomeOf, type WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import { type ComposerDraft, noDraft } from '@wardline/core/client/model/composer-draft'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { describe, expect, it } from 'vitest'
import { ada, ben, chat, type Device, pat, World } from '../support/world.ts'

const ROOM = 65_536 - 1 - '{"text":""}'.length
const draftOf = (text: string): ComposerDraft => ({ ...noDraft, id: 'd1', text })
const attachment = { hash: 'a'.repeat(64), name: 'x.pdf', type: 'application/pdf', size: 3 }
const file = { attachment, bytes: new Blob(['pdf']) }

/** What is on the device's disk of a chat: drafts, and messages on their way or written. */
const kept = async (device: Device): Promise<string> => {
  const { drafts } = await device.store.load()
  const outgoing = await device.store.outgoing()
  return JSON.stringify([drafts, outgoing, device.client ? await device.texts() : []])
}

interface Way {
  name: string
  /** Puts the text in its field, as the app does while somebody types. */
  type(device: Device, text: string, key: string): Promise<void>
  /** Lets it leave. */
  leave(device: Device, text: string, key: string): Promise<unknown>
}

const ways: readonly Way[] = [
  {
    name: 'a message',
    type: async ({ client, chat }, text) => client?.setDraft(chat, draftOf(text)),
    leave: async ({ client, chat }, text) =>
      client?.send(chat, text, undefined, { draft: draftOf(text) }),
  },
  {
    name: 'an edit',
    type: async ({ client, chat }, text, key) =>
      client?.setDraft(chat, { ...draftOf(''), edit: { key: key as never, text } }),
    leave: async ({ client, chat }, text, key) => client?.edit(chat, key, text),
  },
  {
    name: 'a caption',
    type: async ({ client, chat }, text) =>
      client?.setDraft(chat, { ...draftOf(''), caption: text }),
    leave: async ({ client, chat }, text) => client?.sendFiles(chat, text, [file]),
  },
  {
    name: 'a text as a file',
    type: async ({ client, chat }, text) => client?.setDraft(chat, draftOf(text)),
    leave: async ({ client, chat }, text) =>
      client?.sendFiles(chat, '', [{ attachment, bytes: new Blob([text]) }], undefined, {
        draft: draftOf(text),
        text,
      }),
  },
]

const begin = async (): Promise<{ world: World; phone: Device; key: string }> => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  await world.quiesce()
  await phone.send('before')
  await world.quiesce()
  const key = (await phone.open()).items.at(-1)?.key ?? ''
  return { world, phone, key }
}

describe.each(ways)('$name', ({ name, type, leave }) => {
  const isFile = name === 'a text as a file'

  it.each([
    ['letters', 'x'.repeat(70_000)],
    ['Chinese', '中'.repeat(25_000)],
    ['emoji', '😀'.repeat(20_000)],
    ['line breaks', `x${'\n'.repeat(40_000)}`],
    ['a byte too many', 'x'.repeat(ROOM + 1)],
  ])('that no message can hold stays, with the reason: %s', async (_of, text) => {
    const { world, phone, key } = await begin()
    await type(phone, text, key)
    const outcome = await outcomeOf(leave(phone, text, key))
    // A file holds any text.
    expect(outcome).toEqual({ kind: isFile ? 'stored' : 'too-long' })
    if (!isFile) expect(await kept(phone)).toContain(JSON.stringify(text).slice(1, -1))
    // And after a tab that was closed in the middle of it.
    phone.kill()
    await phone.start()
    if (!isFile) expect(await kept(phone)).toContain(JSON.stringify(text).slice(1, -1))
    await world.quiesce()
    expect(await phone.texts()).toEqual(isFile ? ['before', ''] : ['before'])
  })

  it.each(['quota', 'lost'] as const)(
    'stays while the device cannot save (%s), and goes then',
    async (code) => {
      const { world, phone, key } = await begin()
      const text = '  kept as it is \n'
      await type(phone, text, key)
      phone.store.failNextWrite(code)
      const outcome = await outcomeOf(leave(phone, text, key))
      expect(outcome.kind).toBe(code === 'quota' ? 'no-room' : 'not-saved')
      const { drafts } = await phone.store.load()
      expect(JSON.stringify(drafts)).toContain(JSON.stringify(text))
      expect(await phone.texts()).toEqual(['before'])
      expect(await outcomeOf(leave(phone, text, key))).toEqual({ kind: 'stored' })
      expect((await phone.store.load()).drafts).toEqual([])
      await world.quiesce()
      if (!isFile) expect(await kept(phone)).toContain(JSON.stringify(text))
    },
  )

  it('stays when it is blank', async () => {
    const { phone, key } = await begin()
    for (const text of ['   ', '\u200b', '\u3164\u2800']) {
      if (name !== 'a message' && name !== 'an edit') continue
      await type(phone, text, key)
      expect(await outcomeOf(leave(phone, text, key))).toEqual({ kind: 'blank' })
    }
    expect(await phone.texts()).toEqual(['before'])
  })

  it('stays for who is out of the chat', async () => {
    const world = await World.open(1, [ben])
    const { groups } = world.server.directory
    const made = await groups.create(ada.id, 'Care team', [ben.id, pat.id])
    if (!made.ok) throw new Error(made.error.code)
    const group: ChatId = made.value.id
    const phone = await world.device(pat, 'phone')
    phone.chat = group
    await world.quiesce()
    await phone.send('before')
    await world.quiesce()
    const key = (await phone.open()).items.findLast(({ type }) => type === 'message')?.key ?? ''
    const text = 'not sent any more'
    await type(phone, text, key)
    await groups.remove(group, ada.id, pat.id)
    await world.quiesce()
    expect(await outcomeOf(leave(phone, text, key))).toEqual({ kind: 'not-member' })
    expect(JSON.stringify((await phone.store.load()).drafts)).toContain(text)
    expect(phone.client?.shell().chats.find(({ id }) => id === group)).toMatchObject({ left: true })
  })

  it('is there once after a tab that was closed at any moment', async () => {
    for (const turns of [0, 1, 2, 3, 5, 8]) {
      const { phone, key } = await begin()
      const text = 'at any moment'
      await type(phone, text, key)
      const leaving = outcomeOf(leave(phone, text, key))
      for (let turn = 0; turn < turns; turn++) await null
      phone.kill()
      const outcome: WriteOutcome = await leaving
      await phone.start()
      const { drafts } = await phone.store.load()
      if (outcome.kind === 'stored') expect(drafts).toEqual([])
      else expect(JSON.stringify(drafts)).toContain(text)
    }
  })
})

describe('a draft', () => {
  it('that could not be saved is said, and saved the next time', async () => {
    const { phone } = await begin()
    phone.store.failNextWrite('quota')
    const draft = draftOf('hello')
    expect(await outcomeOf(phone.client!.setDraft(chat, draft))).toEqual({ kind: 'no-room' })
    expect(phone.client?.shell().storageProblem).toMatch(/room/)
    await phone.client?.setDraft(chat, draft)
    expect((await phone.store.load()).drafts).toEqual([{ chat, draft }])
  })

  it('of two tabs is one message, and other words in the other tab stay', async () => {
    const { world, phone } = await begin()
    const second = await world.tab(phone, 'second')
    await phone.client?.setDraft(chat, draftOf('the same'))
    await world.settle()
    const mirrored = second.client?.shell().chats.find(({ id }) => id === chat)?.draft
    expect(mirrored).toEqual(draftOf('the same'))
    await Promise.all(
      [phone, second].map(({ client }) =>
        client?.send(chat, 'the same', undefined, { draft: mirrored }),
      ),
    )
    await world.quiesce()
    expect(await phone.texts()).toEqual(['before', 'the same'])
    expect(await second.texts()).toEqual(['before', 'the same'])

    await phone.client?.setDraft(chat, { ...draftOf('mine'), id: 'd2' })
    await world.settle()
    await second.client?.setDraft(chat, { ...draftOf('yours'), id: 'd2' })
    await world.settle()
    await second.client?.send(chat, 'yours', undefined, {
      draft: { ...draftOf('yours'), id: 'd2' },
    })
    await world.settle()
    phone.kill()
    second.kill()
    await phone.start()
    expect(phone.client?.shell().chats.find(({ id }) => id === chat)?.draft.text).toBe('mine')
  })
})

describe('what was refused', () => {
  it('stays when it cannot be sent again', async () => {
    const { world, phone } = await begin()
    phone.goOffline()
    await phone.send('refused')
    const { doc } = (await phone.store.outbox())[0]!
    const { record } = await phone.store.append(doc, [], {
      refused: [{ body: new TextEncoder().encode('\0{"text":"set aside"}'), at: 5, code: 'CLOCK' }],
    })
    expect(record.refused).toHaveLength(1)
    phone.kill()
    await phone.start()
    await world.settle()
    const view = await phone.open()
    const aside = view.items.find((item) => item.type === 'message' && item.refused !== null)!
    phone.store.failNextWrite('quota')
    expect(await outcomeOf(phone.client!.sendAgain(chat, aside.key))).toEqual({ kind: 'no-room' })
    expect((await phone.store.record(doc))?.refused).toHaveLength(1)
    expect(await outcomeOf(phone.client!.sendAgain(chat, aside.key))).toEqual({ kind: 'stored' })
    expect((await phone.store.record(doc))?.refused).toEqual([])
    expect(await phone.texts()).toContain('set aside')
  })
})

describe('a message that was too long, from before that was seen', () => {
  it('comes back to be copied, instead of being nowhere', async () => {
    const { world, phone } = await begin()
    phone.goOffline()
    const text = 'x'.repeat(70_000)
    const doc = pageDoc(chat, monthOf(world.timers.now()))
    const device = parseDeviceId('before01')!
    const entry: Entry = {
      ...{ writer: 77 as Writer, n: 1, device, at: world.timers.now(), kind: EntryKind.message },
      ...{ ref: null, seen: new Map(), body: await sealBody({ text }), signature: null },
    }
    const items = [{ log: logName(1), values: [writeEntry(entry)] }]
    const update = encodeLaneWrite({ client: clientIdOf(1, entry.writer), clock: 0, items })
    await phone.store.append(doc, [{ update, mine: { entries: [{ writer: 77, n: 1 }] } }])
    phone.kill()
    await phone.start()
    expect(await phone.texts()).toEqual(['before'])
    phone.goOnline()
    await world.quiesce(40_000)
    const shown = (await phone.open()).items
    const aside = shown.find((item) => item.type === 'message' && item.refused !== null)
    expect(aside).toMatchObject({ text, refused: 'BAD_ENTRY' })
    expect(await outcomeOf(phone.client!.sendAgain(chat, aside!.key))).toEqual({ kind: 'too-long' })
    expect((await phone.store.record(doc))?.refused).toHaveLength(1)
    await phone.send('and on')
    await world.quiesce()
    expect((await phone.statuses())['and on']).toBe('stored')
  })
})

describe('a message with many pictures', () => {
  it('gives up their previews rather than its words', async () => {
    const { world, phone } = await begin()
    const preview = `data:image/jpeg;base64,${'A'.repeat(5_900)}`
    const pictures = Array.from({ length: 20 }, (_, n) => ({
      attachment: { ...attachment, hash: n.toString(16).padStart(64, '0'), preview },
      bytes: new Blob([`${n}`]),
    }))
    await phone.client?.sendFiles(chat, 'x'.repeat(40_000), pictures)
    const [message] = await phone.store.outgoing()
    const files = message!.files.map((one) => ({ ...one, uploaded: true }))
    await phone.store.patchOutgoing(message!.id, { files, problem: null })
    phone.kill()
    await phone.start()
    await world.quiesce()
    expect(await phone.store.outgoing()).toEqual([])
    const item = (await phone.open()).items.at(-1)
    expect(item).toMatchObject({ text: 'x'.repeat(40_000), status: 'stored' })
    const tooMany = await outcomeOf(phone.client!.sendFiles(chat, 'x'.repeat(65_000), pictures))
    expect(tooMany).toEqual({ kind: 'too-long' })
  })
})

describe('a text in parts', () => {
  it.each([
    [
      'paragraphs',
      Array.from({ length: 900 }, (_, n) => `${n}. ${'word '.repeat(30)}`).join('\n\n'),
    ],
    ['one word', 'x'.repeat(200_000)],
    ['Chinese', '中文。'.repeat(30_000)],
    ['families', '👨‍👩‍👧‍👦'.repeat(8_000)],
    ['spaces in front', `${' '.repeat(30_000)}${'x '.repeat(60_000)}`],
  ])('is all there, and each part fits: %s', (_of, text) => {
    const parts = textParts(text)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.join('')).toBe(text)
    for (const part of parts) expect(excessOf({ text: part })).toBe(0)
    expect(parts.length).toBeLessThanOrEqual(2 * Math.ceil(new Blob([text]).size / ROOM))
  })

  it('is sent once from two tabs at the same time', async () => {
    const { world, phone } = await begin()
    const second = await world.tab(phone, 'second')
    const text = '中'.repeat(60_000)
    await phone.client?.setDraft(chat, draftOf(text))
    await world.settle()
    const sendAll = async ({ client }: Device): Promise<void> => {
      let draft = draftOf(text)
      for (const part of textParts(text)) {
        const rest = { ...draft, id: `${draft.id}.`, text: draft.text.slice(part.length) }
        await client?.send(chat, part, undefined, { draft, rest: () => rest })
        draft = rest
      }
    }
    await Promise.all([phone, second].map(sendAll))
    await world.quiesce()
    expect((await phone.store.load()).drafts).toEqual([])
    expect((await phone.texts()).slice(1).join('')).toBe(text)
  })

  it('keeps what could not be stored', async () => {
    const { world, phone } = await begin()
    const text = 'x'.repeat(200_000)
    const parts = textParts(text)
    let draft = draftOf(text)
    await phone.client?.setDraft(chat, draft)
    for (const [n, part] of parts.entries()) {
      const rest = { ...noDraft, id: `rest-${n}`, text: draft.text.slice(part.length) }
      if (n === 1) {
        phone.store.failNextWrite('quota')
        const from = { draft, rest: () => rest }
        expect((await outcomeOf(phone.client!.send(chat, part, undefined, from))).kind).toBe(
          'no-room',
        )
        phone.kill()
        await phone.start()
        expect((await phone.store.load()).drafts).toEqual([{ chat, draft }])
      }
      await phone.client?.send(chat, part, undefined, { draft, rest: () => rest })
      draft = rest
    }
    expect((await phone.store.load()).drafts).toEqual([])
    await world.quiesce()
    expect((await phone.texts()).slice(1).join('')).toBe(text)
  })
})
