/** Signing out empties the device; a session that ends by itself takes nothing away. */

import type { TestServer } from '../support/hosted-server.ts'
import { ServerProcess } from '../support/server-process.ts'
import { desktop, expect, test } from './support/clinic.ts'
import { readDatabases } from './support/databases.ts'
import type { Person } from './support/person.ts'

const SIGN_IN_TO_SYNC = 'Sign in to sync. Your messages are safe on this device.'

const askToSignOut = async ({ page }: Person): Promise<void> => {
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('dialog', { name: 'Account' }).getByText('Sign out').click()
}

test('signing out warns of what was not sent, and leaves nothing to the next person', async ({
  server,
  pat,
}) => {
  const { page } = pat
  await pat.startChat('Dr Ada Osei')
  await pat.send('Only for the doctor')
  await pat.expectStatus('Only for the doctor', 'Stored')
  await server.stop()
  await pat.send('Not sent yet')
  await pat.leaveChat()
  const dialog = page.getByRole('dialog', { name: 'Sign out?' })
  await askToSignOut(pat)
  await expect(dialog).toContainText('1 message is not sent yet and will be lost.')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).not.toBeVisible()
  await server.start()
  await pat.comeBack()
  await pat.openChat('Dr Ada Osei')
  await pat.expectStatus('Not sent yet', 'Stored')
  await pat.leaveChat()

  // As the app leaves it when a message has come.
  await page.evaluate(() => localStorage.setItem('wardline-sounded', 'which message it was'))
  await askToSignOut(pat)
  await expect(dialog).toContainText('Signing out deletes your chats from this device.')
  await expect(dialog).not.toContainText('will be lost')
  await dialog.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('Email')).toBeVisible()
  // The page that asks to sign in makes a new database, which holds its own mark only.
  const { wardline, ...others } = await readDatabases(page)
  expect(others).toEqual({})
  const { meta = [], ...stores } = wardline ?? {}
  expect(Object.values(stores).flat()).toEqual([])
  const keys = meta.map((value) => (value as { key: string }).key)
  expect(keys.filter((key) => key !== 'life')).toEqual([])

  // What everybody may know of the clinic stays, and nothing else.
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage)))
    .toEqual(['wardline-clinic'])

  await page.reload()
  await expect(page.getByLabel('Email')).toBeVisible()
  await pat.signIn('sam@demo.clinic')
  await expect(page.getByText('No chats yet').filter({ visible: true })).toBeVisible()
  await pat.startChat('Dr Ada Osei')
  await expect(pat.timeline.getByText('No messages yet')).toBeVisible()
  await pat.send('This is Sam')
  await pat.expectStatus('This is Sam', 'Stored')
  await pat.expectTimeline(['This is Sam'])
})

test('signing out in one tab ends it in the others', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello')
  await pat.expectStatus('Hello', 'Stored')
  const second = await pat.newTab()
  await askToSignOut(second)
  await second.page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await expect(second.page.getByLabel('Email')).toBeVisible()
  await expect(pat.page.getByLabel('Email')).toBeVisible()
  // What the browser was told to clear takes nothing of the next person's.
  await pat.signIn('sam@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('This is Sam')
  await pat.expectStatus('This is Sam', 'Stored')
  await pat.page.reload()
  await pat.expectTimeline(['This is Sam'])
})

test.describe('a session that the server no longer knows', () => {
  const env = { JWT_SECRET: '' }

  test.use({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed.
    server: async ({}, use) => {
      env.JWT_SECRET = 'the first secret, of thirty-two characters'
      const server = await ServerProcess.start({ env })
      await use(server)
      await server.remove()
    },
  })

  /** Neither the refresh token nor the access token is good for anything any more. */
  const endSession = async (server: TestServer, ...people: Person[]): Promise<void> => {
    await server.stop()
    for (const { page } of people) await page.context().clearCookies()
    env.JWT_SECRET = 'the second secret, of thirty-two characters'
    await server.start()
    for (const person of people) await person.comeBack()
  }

  test('[PROMISE-5] says so, lets everything be read and written, and sends when signed in again', async ({
    server,
    pat,
    device,
  }) => {
    await pat.startChat('Dr Ada Osei')
    await pat.send('While signed in')
    await pat.expectStatus('While signed in', 'Stored')
    await endSession(server, pat)
    await expect(pat.banner).toContainText(SIGN_IN_TO_SYNC)
    await pat.page.reload()
    await pat.expectTimeline(['While signed in'])
    await expect(pat.banner).toContainText(SIGN_IN_TO_SYNC)
    await pat.send('While signed out')
    await pat.expectStatus('While signed out', 'Waiting to send')

    await pat.banner.getByRole('button', { name: 'Sign in' }).click()
    const dialog = pat.page.getByRole('dialog', { name: 'Sign in to sync' })
    await expect(dialog).toBeVisible()
    // Another person's session would send this one's words as theirs.
    await pat.fillSignIn('sam@demo.clinic')
    await expect(dialog.getByRole('alert')).toContainText('This device holds another person’s')
    await pat.fillSignIn('pat@demo.clinic')
    await expect(dialog).not.toBeVisible()
    await pat.expectStatus('While signed out', 'Stored')
    await pat.expectLive()

    const ada = await device(desktop)
    await ada.signIn('ada@demo.clinic')
    await ada.openChat('Pat Morgan')
    await ada.expectTimeline(['While signed in', 'While signed out'])
    await pat.expectStatus('While signed out', 'Read')
  })

  test('comes back for all tabs when any of them signs in', async ({ server, pat }) => {
    await pat.startChat('Dr Ada Osei')
    await pat.send('Two tabs')
    const second = await pat.newTab()
    await second.openChat('Dr Ada Osei')
    await endSession(server, pat)
    await expect(second.banner).toContainText(SIGN_IN_TO_SYNC)
    await second.send('From the second')
    await second.banner.getByRole('button', { name: 'Sign in' }).click()
    await second.fillSignIn('pat@demo.clinic')
    for (const tab of [pat, second]) {
      await tab.expectStatus('From the second', 'Stored')
      await tab.expectLive()
    }
  })
})
