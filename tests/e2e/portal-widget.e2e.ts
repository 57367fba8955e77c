/** One chat in a page of somebody else's portal, on y-websocket's and y-indexeddb's own providers. */
import type { BrowserContextOptions } from '@playwright/test'
import { ServerProcess } from '../support/server-process.ts'
import { expectAccessible } from './support/accessible.ts'
import { test as clinic, desktop, expect, phone } from './support/clinic.ts'
import { chooseForChat } from './support/message-menu.ts'
import { Portal, Widget } from './support/portal.ts'

interface InPortal {
  portal: Portal
  visit: (options?: BrowserContextOptions) => Promise<Widget>
}

const test = clinic.extend<InPortal>({
  portal: async ({ server }, use) => {
    const portal = await Portal.open(server)
    await use(portal)
    await portal.close()
  },

  visit: async ({ browser, portal }, use) => {
    const widgets: Widget[] = []
    const errors: string[] = []
    await use(async (options = desktop) => {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      // A breach of the portal's own content policy is one of these too.
      page.on('pageerror', (error) => errors.push(String(error)))
      page.on('console', (message) => {
        const text = message.text()
        const ofTheNetwork = /^Failed to load resource:|^WebSocket connection to /.test(text)
        if (message.type() === 'error' && !ofTheNetwork) errors.push(text)
      })
      const widget = new Widget(page)
      await page.goto(portal.url)
      widgets.push(widget)
      return widget
    })
    for (const { page } of widgets) await page.context().close()
    expect(errors).toEqual([])
  },
})

test('a patient and a doctor talk, one in the portal and one in the app', async ({
  visit,
  ada,
}) => {
  const widget = await visit()
  await widget.signIn('pat@demo.clinic', 'not the password')
  await expect(widget.root.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('The knee is warm since the walk')
  await widget.expectProgress('The knee is warm', 'Delivered')

  await ada.openChat('Pat Morgan')
  await expect(ada.message('The knee is warm since the walk')).toBeVisible()
  await widget.expectProgress('The knee is warm', 'Read')
  await expect(widget.root.locator('header')).toContainText('Dr Ada Osei is online')
  await ada.composer.pressSequentially('Ice')
  await expect(widget.root.locator('header')).toContainText('Dr Ada Osei is typing…')
  await ada.send('Ice, and no stairs today')
  await expect(widget.message('Ice, and no stairs today')).toBeVisible()
  await ada.expectStatus('Ice, and no stairs today', 'Read')

  await widget.text.pressSequentially('Thank')
  await expect(ada.page.getByText('typing').first()).toBeVisible()
  await expectAccessible(widget.page, 'the widget')
})

test('what is written offline survives a reload without a network, and is sent after it', async ({
  visit,
  ada,
}) => {
  const widget = await visit(phone)
  const { page } = widget
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('Before the tunnel')
  await widget.expectProgress('Before the tunnel', 'Delivered')
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })

  await page.context().setOffline(true)
  await expect(widget.banner).toContainText('kept on this device')
  await widget.send('In the tunnel')
  await widget.expectProgress('In the tunnel', 'On this device, not sent yet')
  await widget.text.fill('Half a sent')
  await page.reload()
  await expect(widget.message('Before the tunnel')).toBeVisible()
  await widget.expectProgress('In the tunnel', 'On this device, not sent yet')
  await expect(widget.text).toHaveValue('Half a sent')
  await expect(widget.banner).toContainText('kept on this device')
  await widget.send('And further on')
  await widget.expectProgress('And further on', 'On this device, not sent yet')

  await page.context().setOffline(false)
  await widget.expectProgress('In the tunnel', 'Delivered')
  await widget.expectProgress('And further on', 'Delivered')
  await ada.openChat('Pat Morgan')
  await ada.expectTimeline(['Before the tunnel', 'In the tunnel', 'And further on'])
  await page.reload()
  await expect(widget.messages.getByRole('article')).toHaveCount(3)
  await widget.expectProgress('Before the tunnel', 'Read')
})

test('what a doctor no longer takes is set aside, and the rest goes on', async ({ visit, ada }) => {
  const widget = await visit()
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('Good morning')
  await ada.openChat('Pat Morgan')
  await chooseForChat(ada, 'Pat Morgan', 'Block')
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await ada.expectLive()

  await widget.send('Are you there?')
  const notice = widget.root.getByText('The practice did not accept: “Are you there?”')
  await expect(notice).toBeVisible()
  await expect(widget.message('Are you there?')).toHaveCount(0)
  await expect(widget.message('Good morning')).toBeVisible()
  await widget.page.reload()
  await expect(notice).toBeVisible()

  await ada.page.getByRole('button', { name: 'Unblock' }).click()
  await ada.expectLive()
  await widget.root.getByRole('button', { name: 'Put it back' }).click()
  await expect(notice).toHaveCount(0)
  await widget.root.getByRole('button', { name: 'Send' }).click()
  await expect(ada.message('Are you there?')).toBeVisible()
})

test('signing out leaves nothing to the next person', async ({ visit }) => {
  const widget = await visit()
  const { page } = widget
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('Only for the doctor')
  await widget.expectProgress('Only for the doctor', 'With the practice')
  page.on('dialog', (dialog) => void dialog.accept())
  await widget.root.getByRole('button', { name: 'Sign out' }).click()
  await expect(widget.root.getByLabel('Email')).toBeVisible()
  const left = () =>
    page.evaluate(async () => {
      const databases = await indexedDB.databases()
      return [...databases.map(({ name }) => name), ...Object.keys(localStorage)]
    })
  await expect.poll(left).toEqual([])
  await page.reload()
  await widget.signIn('sam@demo.clinic')
  await widget.expectOnline()
  await expect(widget.messages.getByRole('article')).toHaveCount(0)
})

test.describe('with tokens that live for seconds', () => {
  test.use({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed.
    server: async ({}, use) => {
      const imports = [new URL('./support/short-tokens.mjs', import.meta.url).href]
      const server = await ServerProcess.start({ imports })
      await use(server)
      await server.remove()
    },
  })

  test('the widget gets another one, and goes on', async ({ visit, ada }) => {
    const widget = await visit()
    const renewals: number[] = []
    widget.page.on('response', (response) => {
      if (response.url().includes('/api/auth/refresh')) renewals.push(response.status())
    })
    await widget.signIn('pat@demo.clinic')
    await widget.expectOnline()
    await widget.send('With the first token')
    await widget.expectProgress('With the first token', 'Delivered')
    await expect.poll(() => renewals.length, { timeout: 30_000 }).toBeGreaterThan(0)
    await widget.expectOnline()
    await widget.send('With another one')
    await widget.expectProgress('With another one', 'Delivered')
    await ada.openChat('Pat Morgan')
    await ada.expectTimeline(['With the first token', 'With another one'])

    // The session itself ends: only signing in helps, and nothing is lost meanwhile.
    await widget.page.context().clearCookies()
    await expect(widget.banner).toContainText('Sign in to send', { timeout: 30_000 })
    await widget.send('While signed out')
    await widget.expectProgress('While signed out', 'On this device, not sent yet')
    await widget.signIn('pat@demo.clinic')
    await widget.expectOnline()
    await widget.expectProgress('While signed out', 'Read')
    expect(new Set(renewals)).toEqual(new Set([200, 401]))
  })
})
