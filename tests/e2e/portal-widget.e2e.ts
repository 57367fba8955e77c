/** One chat in a page of somebody else's portal, on y-websocket's and y-indexeddb's own providers. */
import type { BrowserContextOptions } from '@playwright/test'
import { type Month, monthOf, monthStart } from '@wardline/core/base/ids'
import { callerFor } from '../support/http-caller.ts'
import { ServerProcess } from '../support/server-process.ts'
import { expectAccessible } from './support/accessible.ts'
import { test as clinic, desktop, expect, phone } from './support/clinic.ts'
import { chooseForChat } from './support/message-menu.ts'
import { Portal, Widget } from './support/portal.ts'
import { makeChat, seedMonths } from './support/seed.ts'

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

test('what a doctor no longer takes is set aside, and the rest goes on', async ({
  server,
  visit,
  ada,
}) => {
  const widget = await visit()
  const call = await callerFor(server.url, 'pat@demo.clinic')
  const closedBy = async () => (await call('GET', '/api/chat/chats')).body.chats[0].closedBy ?? []
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('Good morning')
  await ada.openChat('Pat Morgan')
  await chooseForChat(ada, 'Pat Morgan', 'Block')
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await expect.poll(closedBy).toEqual(['dr-ada'])

  await widget.send('Are you there?')
  const notice = widget.root.getByText('The practice did not accept: “Are you there?”')
  await expect(notice).toBeVisible()
  await expect(widget.message('Are you there?')).toHaveCount(0)
  await expect(widget.message('Good morning')).toBeVisible()
  await widget.page.reload()
  await expect(notice).toBeVisible()

  await ada.page.getByRole('button', { name: 'Unblock' }).click()
  await expect.poll(closedBy).toEqual([])
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

test('a browser that was removed empties itself, and shows what it had not sent', async ({
  visit,
  server,
}) => {
  const widget = await visit()
  const { page } = widget
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('Only for the doctor')
  await widget.expectProgress('Only for the doctor', 'With the practice')
  await page.context().setOffline(true)
  await widget.send('In the tunnel')
  await widget.expectProgress('In the tunnel', 'On this device, not sent yet')
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  const { devices } = (await pat('GET', '/api/auth/devices')).body
  for (const { id, current } of devices)
    if (!current) expect((await pat('DELETE', `/api/auth/devices/${id}`)).status).toBe(204)
  await page.context().setOffline(false)
  await expect(widget.root).toContainText('You removed this browser.')
  await expect(widget.root).toContainText('Not sent, copy it if you need it: “In the tunnel”')
  await expect(widget.root).not.toContainText('Only for the doctor')
  const left = () =>
    page.evaluate(async () => {
      const databases = await indexedDB.databases()
      return [...databases.map(({ name }) => name), ...Object.keys(localStorage)]
    })
  await expect.poll(left).toEqual([])
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await expect(widget.root).not.toContainText('You removed this browser.')
  await expect(widget.message('Only for the doctor')).toBeVisible()
  await expect(widget.messages.getByRole('article')).toHaveCount(1)
})

test('every month is there: earlier ones when asked for, and one that begins meanwhile', async ({
  server,
  visit,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const months = [1, 2, 3].map((back) => {
    const day = new Date()
    return monthOf(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - back, 1))
  })
  const [last, before, first] = months as [Month, Month, Month]
  const many = Array.from({ length: 10 }, (_, n) => `Message number ${n + 1}.`)
  await seedMonths(server.url, chat, [
    { month: last, texts: ['The month before'] },
    { month: before, texts: many },
    { month: first, texts: ['The first one'] },
  ])
  const widget = await visit()
  const { page } = widget
  // It believes that the month before is now, as one does that was left open.
  await page.clock.setSystemTime(monthStart(last) + 10 * 86_400_000)
  await page.reload()
  await widget.signIn('pat@demo.clinic')
  await expect(widget.message('The month before')).toBeVisible()
  await expect(widget.message('Message number 10.')).toBeVisible()
  await expect(widget.message('The first one')).toHaveCount(0)
  await widget.root.getByRole('button', { name: 'Earlier messages' }).click()
  await expect(widget.message('The first one')).toHaveCount(1)
  await expect(widget.root.getByRole('button', { name: 'Earlier messages' })).toBeHidden()
  await seedMonths(server.url, chat, [{ month: monthOf(Date.now()), texts: ['This one'], hour: 0 }])
  await expect(widget.message('This one')).toBeVisible()
})

test('a clock that is a year ahead is said to be wrong, and nothing is lost by it', async ({
  visit,
}) => {
  const widget = await visit()
  const { page } = widget
  await widget.signIn('pat@demo.clinic')
  await widget.send('With the right clock')
  await widget.expectProgress('With the right clock', 'With the practice')
  await page.clock.setSystemTime(Date.now() + 365 * 86_400_000)
  await page.reload()
  await expect(widget.banner).toContainText('The clock of this device is wrong')
  await expect(widget.message('With the right clock')).toBeVisible()
  await widget.send('From next year')
  await widget.expectProgress('From next year', 'On this device, not sent yet')

  await page.clock.setSystemTime(Date.now())
  await page.reload()
  await expect(widget.root).toContainText('The practice did not accept: “From next year”')
  await widget.root.getByRole('button', { name: 'Put it back' }).click()
  await widget.root.getByRole('button', { name: 'Send' }).click()
  await widget.expectProgress('From next year', 'With the practice')
  await widget.expectOnline()
})

test('what was written in another month is sent when there is a connection again', async ({
  visit,
}) => {
  const widget = await visit()
  const { page } = widget
  const lastMonth = new Date()
  lastMonth.setUTCDate(0)
  await page.clock.setSystemTime(lastMonth)
  await page.reload()
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.context().setOffline(true)
  await widget.send('On the last day of the month')
  await widget.expectProgress('On the last day', 'On this device, not sent yet')
  await page.clock.setSystemTime(Date.now())
  await page.reload()
  await widget.expectProgress('On the last day', 'On this device, not sent yet')
  await page.context().setOffline(false)
  await widget.expectProgress('On the last day', 'With the practice')
  await page.reload()
  await widget.expectProgress('On the last day', 'With the practice')
})

test('signing out in one tab ends it in the others', async ({ visit }) => {
  const widget = await visit()
  await widget.signIn('pat@demo.clinic')
  await widget.expectOnline()
  await widget.send('Only for the doctor')
  const second = new Widget(await widget.page.context().newPage())
  await second.page.goto(widget.page.url())
  await expect(second.message('Only for the doctor')).toBeVisible()
  second.page.on('dialog', (dialog) => void dialog.accept())
  await second.root.getByRole('button', { name: 'Sign out' }).click()
  for (const one of [second, widget]) {
    await expect(one.root.getByLabel('Email')).toBeVisible()
    await expect(one.message('Only for the doctor')).toHaveCount(0)
  }
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
