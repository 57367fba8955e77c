/**
 * What happens in the app's page, noted there: when the list of chats shows what, and tasks that
 * keep the page from anything else. Functions that are sent to a browser: they stand alone.
 */
import type { Page } from 'puppeteer-core'

/** Times in ms since 1970. */
export interface Seen {
  /** The list has the names of a screenful of chats. */
  readonly names?: number
  /** Each of these has a last message and a count of unread ones. */
  readonly previews?: number
  /** Tasks of more than 50 ms. */
  readonly tasks: readonly { readonly at: number; readonly ms: number }[]
}

/** Runs before any script of the page. */
const watch = (preview: string): void => {
  const seen: { names?: number; previews?: number; tasks: { at: number; ms: number }[] } = {
    tasks: [],
  }
  Object.assign(globalThis, { seen })
  const { timeOrigin } = performance
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      seen.tasks.push({ at: timeOrigin + startTime, ms: duration })
  }).observe({ type: 'longtask', buffered: true })
  /** From the first on: asking where one is that is not drawn yet would have it laid out. */
  const rowsOnScreen = () => {
    const rows = [...document.querySelectorAll<HTMLElement>('ul[aria-label="Chats"] > li')]
    const below = rows.findIndex((row) => row.getBoundingClientRect().top >= innerHeight)
    return below === -1 ? rows : rows.slice(0, below)
  }
  /** In the frame that shows it: sooner, the layout of each change would be made for this alone. */
  const look = () => {
    due = false
    const rows = rowsOnScreen()
    if (rows.length < 5) return
    const texts = rows.map(({ textContent }) => textContent ?? '')
    const now = timeOrigin + performance.now()
    if (texts.every((text) => /patient-\d/.test(text))) seen.names ??= now
    if (!texts.every((text) => text.includes(preview) && /\d unread/.test(text))) return
    seen.previews = now
    observer.disconnect()
  }
  let due = false
  const observer = new MutationObserver(() => {
    if (due || seen.previews !== undefined) return
    due = true
    requestAnimationFrame(look)
  })
  observer.observe(document, { childList: true, subtree: true, characterData: true })
}

/** @param preview part of the last message of every chat */
export const watchList = (page: Page, preview: string) => page.evaluateOnNewDocument(watch, preview)

export const seenIn = (page: Page): Promise<Seen> =>
  page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)

/** How many of the patients' pages this device has whole; asked in a page that runs nothing else. */
export const completePages = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => fail(request.error)
      })
    const there = await indexedDB.databases()
    if (!there.some(({ name }) => name === 'wardline')) return 0
    const database = await asked(indexedDB.open('wardline'))
    const stores = database.transaction(['docs', 'rows'])
    const records: { doc: string; head: number; known: number }[] = await asked(
      stores.objectStore('docs').getAll(),
    )
    const keys = (await asked(stores.objectStore('rows').getAllKeys())) as [string, number][]
    database.close()
    const withRows = new Set(keys.map(([doc]) => doc))
    return records.filter(
      ({ doc, head, known }) =>
        /^chat\/dm\.patient-.*\/.*$/.test(doc) && head > 0 && head >= known && withRows.has(doc),
    ).length
  })
