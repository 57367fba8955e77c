/** A portal with users of its own: whoever is signed in there is in the chat, without another word. */
import type { BrowserContextOptions } from '@playwright/test'
import { ServerProcess } from '../support/server-process.ts'
import { expectAccessible } from './support/accessible.ts'
import { test as clinic, desktop, expect, phone } from './support/clinic.ts'
import { Portal, Widget } from './support/portal.ts'

interface InPortal {
  portal: Portal
  /** Opens the page of who is signed in to the portal. */
  visit: (user: string | undefined, options?: BrowserContextOptions) => Promise<Widget>
}

const test = clinic.extend<InPortal>({
  // Tokens that live for seconds, so that the portal is asked for others.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed.
  server: async ({}, use) => {
    const imports = [new URL('./support/short-tokens.mjs', import.meta.url).href]
    const server = await ServerProcess.start({ imports, env: {} })
    await use(server)
    await server.remove()
  },
  portal: async ({ server }, use) => {
    const portal = await Portal.open(server)
    await use(portal)
    await portal.close()
  },
  visit: async ({ browser, portal }, use) => {
    const widgets: Widget[] = []
    const errors: string[] = []
    await use(async (user, options = desktop) => {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      page.on('pageerror', (error) => errors.push(String(error)))
      const widget = new Widget(page)
      widgets.push(widget)
      await signInToPortal(widget, portal, user)
      await page.goto(`${portal.url}/mine`)
      return widget
    })
    for (const { page } of widgets) await page.context().close()
    expect(errors).toEqual([])
  },
})

const signInToPortal = async (
  { page }: Widget,
  { url }: Portal,
  user: string | undefined,
): Promise<void> => {
  const context = page.context()
  await context.clearCookies()
  if (user !== undefined) await context.addCookies([{ name: 'portal-user', value: user, url }])
}

test('a user of the portal is in the chat at once, and stays in it by new tokens', async ({
  visit,
  ada,
}) => {
  const widget = await visit('kim')
  const exchanges: number[] = []
  widget.page.on('response', (response) => {
    if (response.url().includes('/api/auth/exchange')) exchanges.push(response.status())
  })
  await widget.expectOnline()
  await expect(widget.root.getByLabel('Email')).toBeHidden()
  await widget.send('Hello, I am new here')
  await widget.expectProgress('Hello, I am new here', 'Delivered')
  await ada.openChat('Kim Berg')
  await expect(ada.message('Hello, I am new here')).toBeVisible()
  await expect.poll(() => exchanges.length, { timeout: 30_000 }).toBeGreaterThan(2)
  await widget.expectOnline()
  await ada.send('Welcome, Ms Berg')
  await expect(widget.message('Welcome, Ms Berg')).toBeVisible()
  await widget.send('After a while')
  await widget.expectProgress('After a while', 'Read')
  expect(new Set(exchanges)).toEqual(new Set([200]))
  await expectAccessible(widget.page, 'the widget of who is signed in to the portal')
})

test('what is written after signing out of the portal is kept, and sent after signing in again', async ({
  portal,
  visit,
  ada,
}) => {
  const widget = await visit('kim', phone)
  await widget.expectOnline()
  await widget.send('Signed in')
  await widget.expectProgress('Signed in', 'Delivered')
  await signInToPortal(widget, portal, undefined)
  await expect(widget.banner).toContainText('Sign in to the portal again', { timeout: 30_000 })
  await widget.send('Signed out')
  await widget.expectProgress('Signed out', 'On this device, not sent yet')
  await signInToPortal(widget, portal, 'kim')
  await widget.page.reload()
  await widget.expectOnline()
  await widget.expectProgress('Signed out', 'Delivered')
  await ada.openChat('Kim Berg')
  await ada.expectTimeline(['Signed in', 'Signed out'])
})

test('another user of the portal sees nothing of the one before, and nothing is lost', async ({
  portal,
  visit,
}) => {
  const widget = await visit('kim')
  await widget.expectOnline()
  await widget.send('Only for the doctor')
  await widget.expectProgress('Only for the doctor', 'With the practice')
  await signInToPortal(widget, portal, 'lee')
  await widget.page.reload()
  await expect(widget.banner).toContainText('another person’s messages')
  await expect(widget.message('Only for the doctor')).toHaveCount(0)
  await expect(widget.text).toBeHidden()
  await signInToPortal(widget, portal, 'kim')
  await widget.page.reload()
  await expect(widget.message('Only for the doctor')).toBeVisible()
  // The portal says when somebody signs out of it: then the browser is the next one’s.
  await widget.root.evaluate((element) =>
    (element as HTMLElement & { signOut(): Promise<void> }).signOut(),
  )
  await signInToPortal(widget, portal, 'lee')
  await widget.page.reload()
  await widget.expectOnline()
  await expect(widget.messages.getByRole('article')).toHaveCount(0)
})
