import { clientIdOf } from '@wardline/core/base/client-id'
import { userDoc } from '@wardline/core/base/ids'
import { MAX_SETTING_CHANGES } from '@wardline/core/gate/check-update'
import { writeUpdate } from '@wardline/core/update/write-update'
import { expect, it } from 'vitest'
import { Preferences } from '../directory/preferences.ts'
import { dropBoundlessSettings } from '../directory/settings-bound.ts'
import { compactDoc } from '../storage/compaction.ts'
import { withDoc } from '../storage/doc-content.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { ada, chat, pat, startTestServer } from './sync-test-kit.ts'

/** Clocks `from` to `to` of settings, each of a new key, as they were let in without a bound. */
const settings = (from: number, to: number): Uint8Array =>
  writeUpdate({
    blocks: [
      {
        client: clientIdOf(1, 77),
        clock: from,
        structs: Array.from({ length: to - from }, (_, i) => ({
          origin: null,
          root: 'prefs',
          key: `muted/k${from + i}`,
          content: { kind: 'any', values: [true] },
        })),
      },
    ],
    deletes: [],
  })

it('takes settings without a bound off a document, and leaves what the server wrote and what is in bounds', async () => {
  const store = new MemoryStore()
  const { server } = await startTestServer({ store })
  await server.directory.registerDirectChat(pat, ada, pat)
  const append = (user: typeof pat, update: Uint8Array) =>
    store.commit({ appends: [{ doc: userDoc(user), update }] })
  await append(ada, settings(0, 100))
  await append(pat, settings(0, MAX_SETTING_CHANGES))
  // One part of it is in a snapshot, another in the rows after it.
  await compactDoc(store, userDoc(pat))
  await append(pat, settings(MAX_SETTING_CHANGES, MAX_SETTING_CHANGES + 1))
  const head = await store.head(userDoc(pat))

  expect(await dropBoundlessSettings(store, Date.now)).toEqual([pat])
  expect(await dropBoundlessSettings(store, Date.now)).toEqual([])
  expect(await store.head(userDoc(pat))).toBe(head)
  const { snapshotBytes, tailBytes } = await store.sizes(userDoc(pat))
  expect(snapshotBytes + tailBytes).toBeLessThan(2_000)
  const left = withDoc(await store.read(userDoc(pat)), (doc) => [
    [...doc.getMap('sys').keys()],
    doc.getMap('prefs').size,
  ])
  expect(left).toEqual([[`chat/${chat}`], 0])
  expect(withDoc(await store.read(userDoc(ada)), (doc) => doc.getMap('prefs').size)).toBe(100)
  expect((await new Preferences(store).of(pat, chat)).muted).toBe(false)
  const lines = []
  for await (const line of store.readAudit()) lines.push(line.text)
  expect(lines.at(-1)).toContain('settings.dropped')
}, 60_000)
