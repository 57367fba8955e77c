/** Firefox, driven over WebDriver BiDi. */
import { existsSync } from 'node:fs'
import puppeteer, { type BrowserContext, type ElementHandle, type Page } from 'puppeteer-core'
import { type Engine, find, type Place, type Profile, type Tab } from './engine.ts'

const places = [
  process.env.FIREFOX_PATH,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** Path of a Firefox of this machine. */
export const firefoxPath = (): string | undefined =>
  places.find((path) => path !== undefined && existsSync(path))

export const openFirefox = async (executablePath: string): Promise<Engine> => {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true })
  return {
    version: await browser.version(),
    async newProfile() {
      return profileIn(await browser.createBrowserContext())
    },
    close: () => browser.close(),
  }
}

const profileIn = (context: BrowserContext): Profile => {
  const errors: string[] = []
  return {
    errors,
    async newTab() {
      const page = await context.newPage()
      await page.setViewport({ width: 1280, height: 900 })
      page.on('pageerror', (error) => {
        // It counts what a socket without a server comes to as an error of the page.
        if (!String(error).includes('can’t establish a connection')) errors.push(String(error))
      })
      return tabOf(page)
    },
  }
}

const tabOf = (page: Page): Tab => {
  const look = async (place: Place): Promise<ElementHandle<Element> | null> => {
    const handle = await page.evaluateHandle(find, place)
    return handle.asElement() as ElementHandle<Element> | null
  }
  const element = async (place: Place): Promise<ElementHandle<Element>> => {
    const found = await look(place)
    if (found === null) throw new Error(`there is no ${JSON.stringify(place)}`)
    return found
  }
  return {
    async open(url) {
      await page.goto(url)
    },
    async reload() {
      await page.reload()
    },
    show: () => page.bringToFront(),
    has: async (place) => (await look(place)) !== null,
    async click(place) {
      await (await element(place)).click()
    },
    async type(place, text) {
      const field = await element(place)
      await field.click()
      await field.type(text)
    },
    async pick(css, path) {
      const input = (await page.$(css)) as ElementHandle<HTMLInputElement> | null
      if (input === null) throw new Error(`there is no ${css}`)
      await input.uploadFile(path)
    },
    run: (work, argument) => page.evaluate(work as never, argument as never) as never,
    async screenshot(path) {
      await page.screenshot({ path: path as `${string}.png` })
    },
    close: () => page.close(),
  }
}
