/** Thursday: a new doctor comes, whom the hospital's identity provider knows. */
import type { Page } from '@playwright/test'
import { IdentityProvider } from '../support/identity-provider.ts'
import { expectAccessible } from './support/accessible.ts'
import { test as clinic, desktop, expect, phone } from './support/clinic.ts'

const test = clinic.extend<{ provider: IdentityProvider }>({
  provider: async ({ server, watch }, use) => {
    const provider = await IdentityProvider.open()
    watch.admit(provider.url)
    server.options.env = { ...server.options.env, ...provider.env }
    await server.stop()
    await server.start()
    provider.serve(server.url)
    const staff = { email_verified: true, groups: ['physicians'] }
    provider.people.set('lin', { ...staff, name: 'Dr Lin Tanaka', email: 'lin@lindenhof.example' })
    provider.people.set('max', { email_verified: true, name: 'Max Wolf', email: 'max@x.example' })
    await use(provider)
    await provider.close()
  },
})

const button = (page: Page) => page.getByRole('button', { name: 'Sign in with Lindenhof' })
const chooseThere = async (page: Page, name: string): Promise<void> => {
  await button(page).click()
  await page.getByRole('link', { name }).click()
}
const expectSignedIn = (page: Page): Promise<void> =>
  expect(page.getByRole('button', { name: 'New chat' })).toBeVisible()

test('a doctor signs in for the first time, and patients find and reach her', async ({
  provider,
  device,
}) => {
  const lin = await device(desktop)
  await expect(button(lin.page)).toBeVisible()
  await expectAccessible(lin.page, 'the sign-in screen with a provider')
  await chooseThere(lin.page, 'Dr Lin Tanaka')
  await expectSignedIn(lin.page)
  expect(new URL(lin.page.url()).hash).toBe('')

  const pat = await device(phone)
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Lin Tanaka')
  await pat.send('Are you taking new patients?')
  await lin.openChat('Pat Morgan')
  await expect(lin.message('Are you taking new patients?')).toBeVisible()
  await lin.send('From today on')
  await expect(pat.message('From today on')).toBeVisible()

  // The same person the next time, on another device, with what the provider says of her by then.
  provider.people.set('lin', {
    name: 'Lin',
    email: 'lin@lindenhof.example',
    email_verified: true,
    groups: ['physicians', 'it'],
  })
  const again = await device(phone)
  await chooseThere(again.page, 'Lin')
  await again.openChat('Pat Morgan')
  await expect(again.message('From today on')).toBeVisible()
  await again.page.reload()
  await expect(again.message('From today on')).toBeVisible()
})

test('who is not let in is told why, and can try again', async ({ provider, device }) => {
  const { page } = await device(phone)
  expect(provider.people.get('max')?.groups).toBeUndefined()
  const alert = page.getByRole('alert')
  await button(page).click()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await expect(alert).toContainText('You were not signed in there')
  await expect(page.getByLabel('Email')).toBeVisible()
  await expectAccessible(page, 'the sign-in screen with what went wrong')

  await chooseThere(page, 'Max Wolf')
  await expect(alert).toContainText('not meant for this app yet')

  await chooseThere(page, 'Dr Lin Tanaka')
  await expectSignedIn(page)
})

test('without a network the app stays where it is, and says so', async ({ provider, device }) => {
  const person = await device(phone)
  const { page } = person
  await expect(button(page)).toBeVisible()
  await person.goOffline()
  await button(page).click()
  await expect(page.getByRole('alert')).toContainText('cannot be reached')
  await person.goOnline()
  await chooseThere(page, 'Dr Lin Tanaka')
  await expectSignedIn(page)
  expect(provider.isDown).toBe(false)
})

test('a session that ended begins again there, and what waited is sent', async ({
  provider,
  device,
}) => {
  const lin = await device(desktop)
  await chooseThere(lin.page, 'Dr Lin Tanaka')
  await lin.startChat('Pat Morgan')
  await lin.send('Good morning')
  await lin.expectStatus('Good morning', 'Stored')
  const pat = await device(phone)
  await pat.signIn('pat@demo.clinic')
  await pat.openChat('Dr Lin Tanaka')

  await lin.page.context().clearCookies()
  await lin.page.reload()
  await lin.send('While signed out')
  await lin.page.getByRole('button', { name: 'Sign in' }).first().click()
  const dialog = lin.page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Sign in with Lindenhof' })).toBeVisible()
  await chooseThere(lin.page, 'Dr Lin Tanaka')
  await lin.openChat('Pat Morgan')
  await lin.expectStatus('While signed out', 'Read')
  await expect(pat.message('While signed out')).toBeVisible()
  expect(provider.people.size).toBe(2)
})

test('nobody gets into the device of somebody else', async ({ provider, device }) => {
  const pat = await device(phone)
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('Only for Dr Osei')
  await pat.expectStatus('Only for Dr Osei', 'Stored')
  await pat.page.context().clearCookies()
  await pat.page.reload()
  await pat.page.getByRole('button', { name: 'Sign in' }).first().click()
  await chooseThere(pat.page, 'Dr Lin Tanaka')
  await pat.openChat('Dr Ada Osei')
  await expect(pat.message('Only for Dr Osei')).toBeVisible()
  await pat.page.getByRole('button', { name: 'Sign in' }).first().click()
  const dialog = pat.page.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText('another person’s messages')
  await pat.fillSignIn('pat@demo.clinic')
  await expect(dialog).toBeHidden()
  await pat.send('And this')
  await pat.expectStatus('And this', 'Stored')
  expect(provider.people.size).toBe(2)
})

test('a provider that is away is said to be, and passwords work all the same', async ({
  server,
  provider,
  device,
}) => {
  provider.isDown = true
  await server.stop()
  await server.start()
  const pat = await device(phone)
  await button(pat.page).click()
  await expect(pat.page.getByRole('alert')).toContainText('does not work right now')
  await pat.signIn('pat@demo.clinic')
})

test('after signing out, the next person on the device is asked who they are', async ({
  provider,
  device,
}) => {
  const { page } = await device(desktop)
  await chooseThere(page, 'Dr Lin Tanaka')
  await expectSignedIn(page)
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByLabel('Email')).toBeVisible()
  provider.people.set('ines', {
    name: 'Dr Inès Moreau',
    email: 'ines@lindenhof.example',
    email_verified: true,
    groups: 'physicians',
  })
  await chooseThere(page, 'Dr Inès Moreau')
  await expectSignedIn(page)
  await page.getByRole('button', { name: 'Account' }).click()
  await expect(page.getByRole('dialog')).toContainText('Dr Inès Moreau')
})
