/** A clinic with a server of its own, and people with browsers of their own. */
import { type BrowserContext, type BrowserContextOptions, test as base } from '@playwright/test'
import { HostedServer, ServerHost, type TestServer } from '../../support/hosted-server.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { expectAccessible } from './accessible.ts'
import { Line } from './line.ts'
import { OwnBrowser } from './own-browser.ts'
import { Person } from './person.ts'
import { Watch } from './watch.ts'

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
}
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

/** A browser profile, with one tab open at the app. */
export type OpenDevice = (options?: BrowserContextOptions) => Promise<Person>

interface Clinic {
  /** Has nothing but the demo clinic. */
  server: TestServer
  watch: Watch
  device: OpenDevice
  /** A whole browser on a profile of its own, not started yet, to be killed. */
  ownBrowser: OwnBrowser
  /** Pat on a phone, signed in, with nothing in the list yet. */
  pat: Person
  /** Dr Ada at a desk, signed in, with nothing in the list yet. */
  ada: Person
}

export const test = base.extend<Clinic, { host: ServerHost }>({
  host: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed.
    async ({}, use) => {
      const host = new ServerHost()
      await use(host)
      await host.close()
    },
    { scope: 'worker' },
  ],

  server: async ({ host }, use) => {
    const server = await HostedServer.start(host)
    await use(server)
    await server.remove()
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  watch: async ({}, use) => {
    const watch = new Watch()
    await use(watch)
    watch.expectQuiet()
  },

  device: async ({ browser, server, watch }, use, info) => {
    const contexts: BrowserContext[] = []
    await use(async (options = desktop) => {
      const line = await Line.lay()
      const proxy = { server: line.address }
      const { baseURL = server.url } = options
      const context = await browser.newContext({ ...options, baseURL, proxy })
      line.leadFrom(context)
      contexts.push(context)
      watch.context(context, baseURL)
      const person = new Person(await context.newPage())
      await person.page.goto('/')
      return person
    })
    // Whatever a test was about, the screens that it ends on are for everybody.
    if (info.errors.length === 0)
      for (const page of contexts.flatMap((context) => context.pages()))
        await expectAccessible(page, `the end of “${info.title}”`)
    for (const context of contexts) await context.close()
  },

  ownBrowser: async ({ server, watch }, use) => {
    const browser = await OwnBrowser.create(server.url, watch)
    await use(browser)
    await browser.remove()
  },

  pat: async ({ device }, use) => {
    const pat = await device(phone)
    await pat.signIn('pat@demo.clinic')
    await use(pat)
  },

  ada: async ({ device }, use) => {
    const ada = await device(desktop)
    await ada.signIn('ada@demo.clinic')
    await use(ada)
  },
})

/** For what is done to the process of the server, or seen of it. */
export const processTest = test.extend<{ server: ServerProcess }>({
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  server: async ({}, use) => {
    const server = await ServerProcess.start()
    await use(server)
    await server.remove()
  },
})

export { expect } from '@playwright/test'
