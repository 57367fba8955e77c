/** WebKit's GTK port, driven by its own WebDriver on a screen that nobody sees. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Builder, By, type WebDriver, type WebElement } from 'selenium-webdriver'
import { type Engine, find, type Place, type Profile, type Tab } from './engine.ts'

const DRIVER = '/usr/bin/WebKitWebDriver'
const XVFB = '/usr/bin/Xvfb'
const LIBRARIES = '/usr/lib'

export interface WebKitPaths {
  driver: string
  browser: string
}

/** Where the parts of it lie on this machine; undefined when one is missing. */
export const webKitPaths = (): WebKitPaths | undefined => {
  if (![DRIVER, XVFB, LIBRARIES].every((path) => existsSync(path))) return undefined
  const folders = readdirSync(LIBRARIES, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  for (const { name } of folders)
    for (const version of ['4.1', '4.0', '6.0']) {
      const browser = join(LIBRARIES, name, `webkit2gtk-${version}`, 'MiniBrowser')
      if (existsSync(browser)) return { driver: DRIVER, browser }
    }
  return undefined
}

export const openWebKit = async (paths: WebKitPaths): Promise<Engine> => {
  const screen = await startScreen()
  const services: ChildProcess[] = []
  const drivers: WebDriver[] = []
  // A service has one session at a time.
  const newSession = async (): Promise<WebDriver> => {
    const port = await freePort()
    services.push(
      spawn(paths.driver, [`--port=${port}`, '--host=127.0.0.1'], {
        env: { ...process.env, DISPLAY: screen.display },
        stdio: 'ignore',
      }),
    )
    await answers(`http://127.0.0.1:${port}/status`)
    const driver = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: paths.browser, args: ['--automation'] },
      })
      .build()
    drivers.push(driver)
    return driver
  }
  const first = await newSession()
  let unused: WebDriver | undefined = first
  return {
    version: `WebKitGTK ${(await first.getCapabilities()).get('browserVersion')}`,
    async newProfile() {
      const driver = unused ?? (await newSession())
      unused = undefined
      return profileOf(driver)
    },
    async close() {
      for (const driver of drivers) await driver.quit()
      for (const service of services) await end(service)
      await end(screen.process)
    },
  }
}

const profileOf = (driver: WebDriver): Profile => {
  let fresh = true
  return {
    errors: [],
    async newTab() {
      if (!fresh) await driver.switchTo().newWindow('tab')
      fresh = false
      return tabOf(driver, await driver.getWindowHandle())
    },
  }
}

const tabOf = (driver: WebDriver, handle: string): Tab => {
  const here = async (): Promise<WebDriver> => {
    await driver.switchTo().window(handle)
    return driver
  }
  const look = async (place: Place): Promise<WebElement | null> =>
    (await here()).executeScript<WebElement | null>(`return (${find})(arguments[0])`, place)
  const element = async (place: Place): Promise<WebElement> => {
    const found = await look(place)
    if (found === null) throw new Error(`there is no ${JSON.stringify(place)}`)
    return found
  }
  return {
    async open(url) {
      await (await here()).get(url)
    },
    async reload() {
      await (await here()).navigate().refresh()
    },
    // Each profile has a window of its own, which is always looked at.
    async show() {
      await here()
    },
    has: async (place) => (await look(place)) !== null,
    async click(place) {
      await (await element(place)).click()
    },
    async type(place, text) {
      const field = await element(place)
      await field.click()
      await field.sendKeys(text)
    },
    async pick(css, path) {
      await (await here()).findElement(By.css(css)).sendKeys(path)
    },
    async run(work, argument) {
      const page = await here()
      const source = `const done = arguments[1]; Promise.resolve((${work})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }))`
      const answer = await page.executeAsyncScript<{ value?: never; error?: string }>(
        source,
        argument,
      )
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.value as never
    },
    async screenshot(path) {
      await writeFile(path, await (await here()).takeScreenshot(), 'base64')
    },
    async close() {
      await (await here()).close()
      const [other] = await driver.getAllWindowHandles()
      if (other !== undefined) await driver.switchTo().window(other)
    },
  }
}

/** An X server without a screen, on a display that it chooses. */
const startScreen = async (): Promise<{ display: string; process: ChildProcess }> => {
  const child = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1280x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const pipe = child.stdio[3] as NodeJS.ReadableStream
  const [number] = (await once(pipe, 'data')) as [Buffer]
  return { display: `:${String(number).trim()}`, process: child }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const answers = async (url: string): Promise<void> => {
  const deadline = performance.now() + 20_000
  while (performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok === true) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`${url} does not answer`)
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
