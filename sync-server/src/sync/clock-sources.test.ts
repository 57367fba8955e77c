import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** Where the machine's clocks are read, and nowhere else: everything else is given a `Clock`. */
const readers = [
  'core/src/node/system.ts',
  'pwa/src/base/browser-timers.ts',
  'sync-server/src/base/timers.ts',
]
/** Dates that are only shown. */
const shown = [
  'pwa/src/app/send-text-file.ts',
  'pwa/src/features/attachments/voice-note.ts',
  'pwa/src/ui/use-now.ts',
]

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|[\\/])fixtures[\\/]/.test(name))
    .map((name) => relative(root, join(root, folder, name)).replaceAll('\\', '/'))

const all = ['core/src', 'pwa/src', 'sync-server/src'].flatMap(sources)
const using = (pattern: RegExp): string[] =>
  all.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))

it('asks the machine what time it is in one place of each program', () => {
  const wall = /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/
  expect(using(wall).toSorted()).toEqual([...readers, ...shown].toSorted())
})

it('measures no duration by what time it is', () => {
  // What is measured by `now()` grows and shrinks with the clock; `elapsed()` and `Age` do not.
  const difference = /(?<!performance\.)\bnow\(\) - |- (?!performance)[\w.#?]*\bnow\(\)/
  expect(using(difference).toSorted()).toEqual([
    // Compare both clocks, to tell when one of them was set.
    'core/src/chat/hybrid-clock.ts',
    // Ends of tokens, dated by the server; bounded by how long any of them lives.
    'core/src/client/sync/leader.ts',
    'core/src/time/age.ts',
    // Ages of what is stored, which only a date can tell; see `ClockWatch` for their deletion.
    'pwa/src/app/storage-risk.ts',
    'sync-server/src/admin/operations/health.ts',
    'sync-server/src/api/idempotency.ts',
    'sync-server/src/files/files.ts',
    'sync-server/src/links/acceptance.ts',
    'sync-server/src/people/people.ts',
    'sync-server/src/server.ts',
    'sync-server/src/sync/clock-watch.ts',
    'sync-server/src/sync/token-expiry.ts',
  ])
})
