/**
 * What a doctor with 300 chats waits for, in Chromium on a machine that is four times slower: on a
 * fresh device, and at a start without a network.
 *
 *     npm run bench -- browser [chats=300] [messages=200] [rounds=3]
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writerFrom } from '@wardline/core/base/client-id'
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import type { Page } from 'puppeteer-core'
import { textOf, WrittenPage } from '../tests/support/written-page.ts'
import { buildApp } from './support/built-app.ts'
import { chatOf, practice, userId } from './support/clinic.ts'
import { median, pause } from './support/numbers.ts'
import { type SlowBrowser, slowBrowser } from './support/slow-browser.ts'
import { startWardline } from './support/wardline.ts'
import { completePages, type Seen, seenIn, watchList } from './support/watch-list.ts'

const [chats = 300, messages = 200, rounds = 3] = process.argv.slice(2).map(Number)
const SLOWER = 4
const TIMEOUT = 180_000
/** After which nothing is left that a start has set off, ms. */
const SETTLE = 6_000

const preview = textOf(messages - 1).slice(0, 25)
/** What the medians must be at most. */
const MUST_BE: Readonly<Record<string, number>> = {
  'list with names ms': 700,
  'a screen of previews with unread counts ms': 1_200,
  'everything here ms': 6_000,
  'longest task while it loads ms': 80,
  'tasks over 50 ms while it loads, sum ms': 800,
  'scripts before the list shows, kB gzip': 130,
  'start offline: list with previews ms': 800,
  'start offline: longest task ms': 100,
}

const people = practice(chats).map(({ patient }) => ({ patient, doctor: userId('dr-ada') }))
const month = monthOf(Date.now())

const webRoot = await buildApp()
const server = await startWardline(webRoot)

const until = async (isDone: () => Promise<boolean>, what: string, poll = 50): Promise<void> => {
  for (const end = Date.now() + TIMEOUT; !(await isDone()); await pause(poll))
    if (Date.now() > end) throw new Error(`not within ${TIMEOUT} ms: ${what}`)
}

/** Of tasks of more than 50 ms, from when on and until when. */
const longTasks = ({ tasks }: Seen, from: number, to: number) => {
  const within = tasks.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms)
  return { longest: Math.max(0, ...within), sum: within.reduce((sum, ms) => sum + ms, 0) }
}

/** kB, compressed, of the scripts that the page asked for before `at`. */
const scriptsOf = async (page: Page, at: number): Promise<number> => {
  const paths = await page.evaluate(
    (most) =>
      performance
        .getEntriesByType('resource')
        .filter(({ startTime }) => performance.timeOrigin + startTime < most)
        .map(({ name }) => new URL(name).pathname)
        .filter((path) => path.endsWith('.js')),
    at,
  )
  const bytes = [...new Set(paths)].map(
    (path) => gzipSync(readFileSync(join(webRoot, path))).length,
  )
  return bytes.reduce((sum, length) => sum + length, 0) / 1000
}

const signIn = async (page: Page): Promise<void> => {
  await page.goto(server.url)
  await page.locator('input[type=email]').fill('ada@demo.clinic')
  await page.locator('input[type=password]').fill('wardline-demo')
  await page.locator('button[type=submit]').click()
}

/** When the answer to the sign-in was there, ms since 1970. */
const signedInAt = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const login = performance
      .getEntriesByType('resource')
      .find(({ name }) => /auth\/login/.test(name))
    return (
      performance.timeOrigin + ((login as PerformanceResourceTiming)?.responseEnd ?? Number.NaN)
    )
  })

const isListed = async (page: Page) => (await seenIn(page)).previews !== undefined

const fresh = async (browser: SlowBrowser) => {
  // Another page of the same origin, so that looking costs the app nothing; behind it.
  const watcher = await browser.page()
  await watcher.goto(`${server.url}/icons/mark.svg`)
  const page = await browser.slowPage()
  await watchList(page, preview)
  await signIn(page)
  await until(async () => (await seenIn(page)).names !== undefined, 'no list')
  await until(
    async () => (await completePages(watcher)) >= chats,
    'it does not get everything',
    100,
  )
  const everything = Date.now()
  await until(() => isListed(page), 'a preview is missing')
  await pause(SETTLE)
  const seen = await seenIn(page)
  const start = await signedInAt(page)
  const scripts = await scriptsOf(page, start)
  const loading = longTasks(seen, start, everything)
  const after = longTasks(seen, everything, Number.POSITIVE_INFINITY)
  await page.close()
  await watcher.close()
  return {
    'list with names ms': (seen.names ?? Number.NaN) - start,
    'a screen of previews with unread counts ms': (seen.previews ?? Number.NaN) - start,
    'everything here ms': everything - start,
    'longest task while it loads ms': loading.longest,
    'tasks over 50 ms while it loads, sum ms': loading.sum,
    'longest task afterwards ms': after.longest,
    'scripts before the list shows, kB gzip': scripts,
  }
}

const offline = async (browser: SlowBrowser) => {
  await browser.restart()
  const page = await browser.slowPage()
  await watchList(page, preview)
  await page.goto(server.url)
  await until(() => isListed(page), 'no list offline')
  await pause(SETTLE)
  const seen = await seenIn(page)
  const start = await page.evaluate(() => performance.timeOrigin)
  const tasks = longTasks(seen, start, Number.POSITIVE_INFINITY)
  await page.close()
  return {
    'start offline: list with previews ms': (seen.previews ?? Number.NaN) - start,
    'start offline: longest task ms': tasks.longest,
    'start offline: tasks over 50 ms, sum ms': tasks.sum,
  }
}

/** Everything is read but the last burst. */
const unread = async () => {
  const updates = await new WrittenPage(month, () => writerFrom(randomBytes(5))).write(messages)
  return updates.slice(0, -1)
}

const found = new Map<string, number[]>()
const note = (figures: Record<string, number>) => {
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name}: ${value.toFixed(1)}`)
    found.set(name, [...(found.get(name) ?? []), value])
  }
}

const threads = new Map<string, boolean>()
try {
  await server.process.call.people(people)
  const pages = people.map(async (pair) => ({
    doc: pageDoc(chatOf(pair), month),
    updates: await unread(),
  }))
  await server.process.call.fill(await Promise.all(pages))
  await server.process.call.compacted(people.map((pair) => pageDoc(chatOf(pair), month)))
  for (let round = 0; round < rounds; round++) {
    const browser = await slowBrowser(SLOWER)
    try {
      note(await fresh(browser))
      await server.process.call.stop()
      note(await offline(browser))
      note({ 'how many times longer the same work takes': Math.min(...browser.slower) })
      for (const [kind, isSlow] of browser.threads) threads.set(kind, isSlow)
    } finally {
      await browser.remove()
    }
    await server.restart()
  }
} finally {
  await server.remove()
}

const rows = [...found].map(([name, values]) => {
  const [now, most] = [median(values), MUST_BE[name]]
  const met = most === undefined ? '' : now <= most ? 'met' : `${(now / most).toFixed(1)} × as much`
  return [name, now.toFixed(now < 10 ? 1 : 0), most === undefined ? '' : `≤ ${most}`, met]
})
const title = `${chats} chats of ${messages} messages in Chromium, ${SLOWER} × slower, ${rounds} rounds`
const lines = [['', 'median', 'must be', ''], ['---', '--:', '--:', '--:'], ...rows]
const table = `**${title}**\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
const slower = [...threads].map(([kind, isSlow]) => `${kind} ${isSlow ? 'slower' : 'as fast'}`)
console.log(`\n${table}\nThreads beside the page: ${slower.join(', ') || 'none'}`)
const folder = resolve(import.meta.dirname, '../.cache/bench')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'browser.md'), table)
writeFileSync(join(folder, 'browser.json'), JSON.stringify(Object.fromEntries(found), null, 2))
