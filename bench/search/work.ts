/** What is measured, on whatever database: the same in Node and in a browser. */

import {
  type ChatId,
  type DeviceId,
  directChatId,
  monthOf,
  monthStart,
  pageDoc,
  parseUserId,
} from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import type { Timers } from '@wardline/core/client/model/ports'
import { candidates, enoughFor, ranked } from '@wardline/core/client/search/rank'
import { readPage } from '@wardline/core/client/search/read-page'
import { SearchIndexer } from '@wardline/core/client/search/search-indexer'
import { queryWords } from '@wardline/core/client/search/words'
import type { LocalStore } from '@wardline/core/client/store/local-store'
import { Slices } from '@wardline/core/time/slices'
import { randomFrom } from '../../tests/support/random.ts'
import { textsFrom } from './texts.ts'

const CHATS = 40
const MONTHS = 5
const MINUTE = 60_000

const patient = parseUserId('pat-ada')!
const chats = Array.from({ length: CHATS }, (_, n) =>
  directChatId(patient, parseUserId(`doc-${1000 + n}`)!),
)
const months = Array.from({ length: MONTHS }, (_, n) => monthOf(Date.UTC(2026, n, 15)))
const docs = chats.flatMap((chat) => months.map((month) => ({ doc: pageDoc(chat, month), month })))

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

const chat = {
  ...{ kind: 'direct' as const, title: '', members: [], me: 1, registered: true },
  ...{ since: 0, began: 0 },
}
const known = (id: ChatId) => ({ chat: { id, ...chat, left: false }, title: id, patients: [] })

const nothing = { words: ['nothing'], enough: enoughFor({}) }

/** Longest time, ms, in which nothing else could run while `task` did. */
const watched = async (task: () => Promise<void>): Promise<{ ms: number; longest: number }> => {
  let longest = 0
  let last = performance.now()
  // Messages to oneself: a timer comes only every 4 ms in a browser.
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    port2.postMessage(null)
  }
  port2.postMessage(null)
  const started = performance.now()
  await task()
  const ms = performance.now() - started
  port1.close()
  return { ms, longest }
}

export const searchBench = (store: LocalStore, timers: Timers) => {
  const rows = new Map<string, number>()
  const slices = new Slices({
    elapsed: () => timers.elapsed(),
    pause: () => new Promise((go) => void timers.after(0, go)),
  })
  const open = () =>
    new SearchIndexer({
      store,
      timers,
      pages: () => docs.map(({ doc }) => ({ doc, lastRow: rows.get(doc) ?? 1 })),
      // Nothing is open in memory.
      read: (doc) => readPage(store, { peek: () => undefined }, doc, slices),
      isBusy: () => false,
      changed: () => {},
    })
  let indexer = open()

  return {
    /** Pages of messages, each as one row. */
    async fill(messages: number): Promise<void> {
      const next = textsFrom(7)
      const each = Math.round(messages / docs.length)
      for (const { doc, month } of docs) {
        const laneWriter = new LaneWriter(1, 7, 'bench000' as DeviceId)
        const added = []
        for (let n = 0; n < each; n++) {
          const body = await sealBody({ text: next() })
          const at = monthStart(month) + n * 5 * MINUTE
          added.push({ at, kind: EntryKind.message, ref: null, body })
        }
        await store.append(doc, [{ update: laneWriter.entries(added, new Map()).update }])
      }
    },

    /** Makes the index of what is there, and stores it. `characters` is what it takes. */
    async build(): Promise<{ ms: number; longest: number; characters: number }> {
      indexer.lead()
      const times = await watched(async () => {
        while (!(await indexer.search(nothing)).complete) await pause(5)
      })
      const stored = async () =>
        (await store.searchParts()).reduce((sum, { value }) => sum + value.length, 0)
      let [before, characters] = [-1, 0]
      while (before !== characters) {
        before = characters
        await pause(5_000)
        characters = await stored()
      }
      indexer.stop()
      return { ...times, characters }
    },

    /** From nothing in memory to the first answer. */
    async load(): Promise<{ ms: number; longest: number; complete: boolean }> {
      indexer = open()
      let complete = false
      const times = await watched(async () => {
        complete = (await indexer.search(nothing)).complete
      })
      return { ...times, complete }
    },

    /** A query for each letter that people type who look for one, two or three words in a row. */
    async query(searches: number): Promise<{ times: number[]; found: number }> {
      const next = textsFrom(7)
      const random = randomFrom(1)
      const texts = Array.from({ length: 2_000 }, next)
      const times: number[] = []
      let found = 0
      for (let n = 0; n < searches; n++) {
        const words = (texts[Math.floor(random() * texts.length)] ?? '').split(' ')
        const from = Math.floor(random() * words.length)
        const typed = words.slice(from, from + 1 + Math.floor(random() * 3)).join(' ')
        for (let length = 1; length <= typed.length; length++) {
          const query = queryWords(typed.slice(0, length))
          const started = performance.now()
          const { hits } = await indexer.search({ words: query, enough: enoughFor({}) })
          found += ranked(candidates(hits), query, {}, known).total
          times.push(performance.now() - started)
        }
      }
      return { times, found }
    },
  }
}

export type SearchBench = ReturnType<typeof searchBench>
