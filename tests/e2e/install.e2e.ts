/** From a link onto the home screen. */
import type { Page } from '@playwright/test'
import { expect, phone, test } from './support/clinic.ts'

/** What a Chromium browser does on its own when it finds the app worth installing. */
const offer = (page: Page) =>
  page.evaluate(() => {
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: async () => {
        document.documentElement.dataset.asked = 'yes'
      },
    })
    window.dispatchEvent(event)
  })

const asked = (page: Page) => page.evaluate(() => document.documentElement.dataset.asked === 'yes')

test('a browser that can install asks when told to, before signing in and after', async ({
  device,
}) => {
  const pat = await device(phone)
  const install = pat.page.getByRole('button', { name: 'Install the app' })
  await expect(pat.page.getByLabel('Email')).toBeVisible()
  await expect(install).toHaveCount(0)
  await offer(pat.page)
  await install.click()
  await expect.poll(() => asked(pat.page)).toBe(true)
  await expect(install).toHaveCount(0)

  await pat.signIn('pat@demo.clinic')
  await offer(pat.page)
  await pat.page.getByRole('button', { name: 'Account' }).click()
  await expect(pat.page.getByRole('dialog', { name: 'Account' })).toBeVisible()
  await install.click()
  await expect(install).toHaveCount(0)
})

test('the word about messages that may be deleted has the way out beside it', async ({
  device,
}) => {
  const pat = await device(phone)
  await pat.promiseNothing()
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello')
  await pat.page.reload()
  await expect(pat.page.getByText('This browser may delete your messages.')).toBeVisible()
  await offer(pat.page)
  await pat.page.getByRole('button', { name: 'Install', exact: true }).click()
  await expect.poll(() => asked(pat.page)).toBe(true)
})

test('an iPhone is told to install first, then to sign in', async ({ device }) => {
  const pat = await device({
    ...phone,
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  })
  await expect(pat.page.getByText('On this device, install first: Share')).toBeVisible()
})
