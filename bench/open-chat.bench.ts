/**
 * How long a chat takes to show after a cold start of the app, in Chromium, with the history on the
 * device: a year of 1,000 messages a month beside one month of them.
 *
 *     npm run bench -- open-chat [months=12] [messages=1000] [rounds=9]
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writerFrom } from '@wardline/core/base/client-id'
import { type ChatId, monthOf, pageDoc } from '@wardline/core/base/ids'
import { chromium, type Page } from 'playwright-core'
import { textOf, WrittenPage } from '../tests/support/written-page.ts'
import { buildApp } from './support/built-app.ts'
import { CHROMIUM_ARGS, chromiumPath } from './support/chromium.ts'
import { chatOf, userId } from './support/clinic.ts'
import { median, pause, printTable } from './support/numbers.ts'
import { startWardline } from './support/wardline.ts'

const [months = 12, messages = 1_000, rounds = 9] = process.argv.slice(2).map(Number)
const doctor = userId('dr-ada')
const year = { patient: userId('pat-morgan'), doctor }
const month = { patient: userId('sam-rivera'), doctor }

const monthsBack = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const now = new Date()
    return monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i, 15))
  })

/** Sets `shownAt` when the newest message is in the timeline, ms since the navigation. */
const watchTimeline = (text: string) => {
  const look = () => {
    const log = document.querySelector('[role="log"]')
    if (log?.textContent?.includes(text) !== true) return
    observer.disconnect()
    // The next frame is the one that shows it.
    requestAnimationFrame(() => Object.assign(globalThis, { shownAt: performance.now() }))
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { childList: true, subtree: true, characterData: true })
}

/** Pages of which this device has everything, by the records of its database. */
const completePages = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => fail(request.error)
      })
    let complete = 0
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name ?? ''))
      if (database.objectStoreNames.contains('docs')) {
        const records: { doc: string; head: number; known: number }[] = await asked(
          database.transaction('docs').objectStore('docs').getAll(),
        )
        complete += records.filter(
          ({ doc, head, known }) => doc.split('/').length === 3 && head > 0 && head >= known,
        ).length
      }
      database.close()
    }
    return complete
  })

const server = await startWardline(await buildApp())
const profile = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
const context = await chromium.launchPersistentContext(profile, {
  executablePath: chromiumPath,
  args: CHROMIUM_ARGS,
})
try {
  await server.process.call.people([year, month])
  const fill = async (pair: typeof year, count: number) => {
    for (const one of monthsBack(count)) {
      const written = new WrittenPage(one, () => writerFrom(randomBytes(5)))
      const updates = await written.write(messages)
      await server.process.call.fill([{ doc: pageDoc(chatOf(pair), one), updates }])
    }
  }
  await fill(year, months)
  await fill(month, 1)

  const page = await context.newPage()
  await page.goto(server.url)
  await page.getByLabel('Email').fill('ada@demo.clinic')
  await page.getByLabel('Password').fill('wardline-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('list', { name: 'Chats' }).waitFor()
  for (const end = Date.now() + 60_000; (await completePages(page)) < months + 1; ) {
    if (Date.now() > end) throw new Error('the device does not get everything')
    await pause(200)
  }
  // Its receipts, its summaries, the service worker.
  await pause(3_000)

  const text = textOf(messages - 1).slice(0, 30)
  await context.addInitScript(watchTimeline, text)
  const open = async (chat: ChatId): Promise<number> => {
    const page = await context.newPage()
    await page.goto(`${server.url}/#/chat/${chat}`)
    await page.waitForFunction(() => 'shownAt' in globalThis)
    const shownAt = await page.evaluate(
      () => (globalThis as unknown as { shownAt: number }).shownAt,
    )
    await page.close()
    return shownAt
  }
  await page.close()
  const times = { year: [] as number[], month: [] as number[] }
  await open(chatOf(year))
  await open(chatOf(month))
  for (let round = 0; round < rounds; round++) {
    times.year.push(await open(chatOf(year)))
    times.month.push(await open(chatOf(month)))
  }
  const row = (name: string, ms: readonly number[]) => [
    name,
    median(ms).toFixed(0),
    Math.min(...ms).toFixed(0),
    Math.max(...ms).toFixed(0),
  ]
  printTable(
    [`${rounds} cold starts each`, 'median ms', 'min', 'max'],
    [
      row(`1 month of ${messages} messages`, times.month),
      row(`${months} months of ${messages} messages`, times.year),
    ],
  )
  console.log(`ratio of the medians ${(median(times.year) / median(times.month)).toFixed(2)}`)
} finally {
  await context.close()
  await server.remove()
  await rm(profile, { recursive: true, force: true })
}
