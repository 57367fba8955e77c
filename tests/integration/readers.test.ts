/** Whatever the gate takes, every reader reads: nothing is legal to write and illegal to read. */

import { clientIdOf } from '@wardline/core/base/client-id'
import {
  directChatId,
  monthStart,
  pageDoc,
  parseDocName,
  parseMonth,
  parseUserId,
} from '@wardline/core/base/ids'
import { openBody } from '@wardline/core/chat/body'
import { EntryKind, MAX_BODY } from '@wardline/core/chat/entry'
import { laneOf } from '@wardline/core/chat/lanes'
import { Page } from '@wardline/core/chat/page'
import { retractionOf } from '@wardline/core/chat/retraction'
import { messageKey, readMessageKey } from '@wardline/core/client/model/message-key'
import { digestOf, readDigest } from '@wardline/core/client/model/page-summary'
import { filesInPage } from '@wardline/core/client/rounds/recent-files'
import { MessageIndex } from '@wardline/core/client/search/message-index'
import { checkUpdate } from '@wardline/core/gate/check-update'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import type { Chat } from '@wardline/sync-server/directory/chat-record'
import { readMessageId } from '@wardline/sync-server/folds/message-id'
import { messageJson } from '@wardline/sync-server/folds/message-json'
import { messageSchema } from '@wardline/sync-server/folds/message-schema'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const chatId = directChatId(pat, ada)
const members = [pat, ada].map((userId, i) => ({
  index: i + 1,
  userId,
  name: userId,
  role: i === 0 ? ('patient' as const) : ('doctor' as const),
  since: 0,
}))
const chat: Chat = { id: chatId, kind: 'direct', createdAt: 0, members, pages: [] } as Chat

/** The first month there is, one that is over, one that runs, and one that has not begun. */
const months = ['1970-01', '2024-02', '2026-11', '2026-12'] as const
const NOW = Date.UTC(2026, 10, 28, 12)
const writers = [0, 7, 2 ** 40 - 1]

const number = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, -1, 1.5, 2 ** 40 - 1, 2 ** 53, Number.NaN),
  fc.nat(5),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\uD800', '\0'),
)
const attachment = fc.record(
  {
    hash: fc.constantFrom('a'.repeat(64), 'A'.repeat(64), ''),
    name: text,
    type: fc.constantFrom('image/png', 'audio/webm', 'application/pdf', 'text/html', ''),
    size: number,
    width: number,
    height: number,
    duration: number,
    preview: text,
  },
  { requiredKeys: ['hash', 'name', 'type', 'size'] },
)
const content = fc.oneof(
  fc.record({ text, attachments: fc.array(attachment, { maxLength: 3 }) }, { requiredKeys: [] }),
  fc.json(),
)
const sealed = (json: unknown): Uint8Array =>
  Uint8Array.of(
    0,
    ...new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json)),
  )
const body = fc.oneof(
  { weight: 8, arbitrary: content.map(sealed) },
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(new Uint8Array(MAX_BODY), new Uint8Array(MAX_BODY + 1)),
)
const seen = fc.array(fc.tuple(fc.constantFrom(...writers), number), { maxLength: 3 })
/** Mostly of the kind that is let in: what is refused has nothing to be read. */
const mostly = <T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: other })
const place = fc.tuple(fc.constantFrom(...writers), mostly(fc.integer({ min: 1, max: 6 }), number))
const entry = fc.record({
  device: mostly(fc.constant('device00'), fc.constantFrom('d', 'x'.repeat(32), 'NOT-ONE!')),
  offset: mostly(
    fc.nat(27 * 86_400_000),
    fc.constantFrom(-1, 0, 1, 86_400_000, 28 * 86_400_000, 31 * 86_400_000),
  ),
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant(EntryKind.message) },
    fc.constantFrom(...Object.values(EntryKind)),
    fc.integer({ min: -1, max: 256 }),
  ),
  ref: fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: place },
    fc.tuple(place, fc.constantFrom('2024-02', '9999-12', '2024-13')).map((all) => all.flat()),
    fc
      .tuple(place, fc.nat(2 ** 42), mostly(fc.constant([]), seen))
      .map(([[writer, n], at, pairs]) => [writer, n, null, at, pairs.flat()]),
  ),
  seen: mostly(fc.uniqueArray(place, { selector: ([writer]) => writer, maxLength: 3 }), seen).map(
    (all) => all.flat(),
  ),
  body,
  signature: mostly(fc.constant(null), fc.uint8Array({ maxLength: 300 })),
  receipt: fc.boolean(),
})

it('[GATE-5] every message that is let in is in the timeline, the list, the search and over HTTP', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...months),
      fc.constantFrom(...writers),
      fc.array(entry, { minLength: 4, maxLength: 12 }),
      fc.boolean(),
      async (monthText, writer, entries, ahead) => {
        const month = parseMonth(monthText)!
        const doc = pageDoc(chatId, month)
        const ref = parseDocName(doc)!
        // A server whose clock ran ahead when this was written, and is right again by now.
        const then = ahead ? NOW + 8 * 86_400_000 : NOW
        const index = new GateIndex()
        const clocks = new Map<number, number>()
        const page = new Page()
        const sent = (
          member: 1 | 2,
          client: number,
          items: Parameters<typeof encodeLaneWrite>[0]['items'],
          now: number,
          deletes: Parameters<typeof encodeLaneWrite>[0]['deletes'] = [],
        ) => {
          const clock = clocks.get(client) ?? 0
          const after = clock === 0 ? {} : { after: { client, clock: clock - 1 } }
          const update = encodeLaneWrite({
            client,
            clock,
            items: items.map((item) => ('log' in item ? { ...item, ...after } : item)),
            deletes,
          })
          const verdict = checkUpdate(index, update, { doc: ref, lane: laneOf(ref, member), now })
          if (verdict.kind !== 'accept') return false
          verdict.advance()
          clocks.set(client, clock + items.length)
          expect(page.apply([verdict.update])).toBe(true)
          return true
        }
        const mine = clientIdOf(1, writer)
        const messages: number[] = []
        let n = 0
        for (const one of entries) {
          const at = monthStart(month) + one.offset
          const value = [
            1,
            writer,
            n + 1,
            one.device,
            at,
            one.kind,
            one.ref,
            one.seen,
            one.body,
            one.signature,
          ]
          if (!sent(1, mine, [{ log: 'log:1', values: [value] }], then)) continue
          n++
          if (one.kind === EntryKind.message) messages.push(n)
          if (one.receipt)
            sent(
              2,
              clientIdOf(2, 99),
              [{ map: 'state:2', key: `r/${writer}/${n}`, value: at }],
              then,
            )
        }

        const shown = page.messages()
        for (const each of messages)
          expect(shown.some((message) => message.writer === writer && message.n === each)).toBe(
            true,
          )
        for (const message of shown) {
          expect(readMessageKey(messageKey({ month, ...message }))).toBeDefined()
          for (const [who, member] of members.entries()) {
            const caller = {
              user: member.userId,
              chat,
              index: who + 1,
              device: 'device00' as never,
            }
            const json = await messageJson(caller, month, page, message)
            expect(messageSchema.parse(JSON.parse(JSON.stringify(json)))).toBeDefined()
            expect(readMessageId(json.id)).toMatchObject({
              month,
              writer: message.writer,
              n: message.n,
            })
          }
        }
        const digest = await digestOf(page, 2, () => [1])
        expect(readDigest(structuredClone(digest))).toEqual(digest)
        await filesInPage(chatId, page)

        const search = await MessageIndex.read([], async () => {})
        const found = shown.filter((message) => message.body !== null).length
        expect(await search.update(doc, 1, shown, async () => {})).toBe(found)

        // And what is there can be taken back, now.
        for (const each of messages) {
          const own = page.entriesOf(1).find((one) => one.writer === writer && one.n === each)
          if (own === undefined) continue
          const { added, deletes = [] } = retractionOf(page, own, 1, NOW)
          const [draft] = added
          const stub = draft?.ref?.stub
          const value = [
            1,
            writer,
            n + 1,
            'device00',
            NOW,
            draft?.kind,
            [writer, each, null, stub?.at, [...(stub?.seen ?? [])].flat()],
            [],
            draft?.body,
            null,
          ]
          expect(sent(1, mine, [{ log: 'log:1', values: [value] }], NOW, deletes)).toBe(true)
          n++
          const gone = page
            .messages()
            .find((message) => message.writer === writer && message.n === each)
          expect(gone?.retracted).toBe(true)
        }
        expect(await openBody(Uint8Array.of(0))).toEqual({ kind: 'unreadable' })
      },
    ),
    { numRuns: 200 },
  )
}, 60_000)
