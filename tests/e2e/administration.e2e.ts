/** An admin's day: people, devices and settings, and what becomes of it on other devices. */
import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { expect, phone, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'

const SECRET = 'The biopsy was negative'
const small = { ...phone, viewport: { width: 320, height: 640 } }

const signInAsAdmin = async ({ page, ...admin }: Person): Promise<void> => {
  await page.getByLabel('Email').fill('admin@demo.clinic')
  await page.getByLabel('Password').fill('wardline-demo')
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible()
  // Whoever is nothing else has no chats.
  await expect(admin.chats).toBeHidden()
}

const openPerson = async (page: Page, query: string, name: string): Promise<void> => {
  await page.getByRole('navigation').getByRole('link', { name: 'People' }).click()
  await page.getByRole('searchbox').fill(query)
  const people = page.getByRole('list', { name: 'People' })
  await expect(people.getByRole('listitem')).toHaveCount(1)
  await people.getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** Says yes to what a dialog asks. */
const confirm = async (page: Page, action: string): Promise<void> => {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: action, exact: true }).click()
  await expect(dialog).toBeHidden()
}

test('an admin changes who people are, and their chats follow while they are open', async ({
  device,
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send(SECRET)
  await ada.openChat('Pat Morgan')
  const admin = await device()
  await signInAsAdmin(admin)
  const { page } = admin

  await openPerson(page, 'ada', 'Dr Ada Osei')
  await page.getByRole('button', { name: 'Edit' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('Dr Ada Mensah')
  await form.getByLabel('Specialty').fill('Paediatrics')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Dr Ada Mensah', level: 1 })).toBeVisible()
  await expect(pat.page.getByRole('heading', { name: 'Dr Ada Mensah' })).toBeVisible()
  await expect(pat.message(SECRET)).toBeVisible()

  // What makes no sense is refused where it was typed, and nothing is lost.
  await openPerson(page, 'pat morgan', 'Pat Morgan')
  await page.getByRole('button', { name: 'Edit' }).click()
  await form.getByLabel('Email, to sign in with').fill('ada@demo.clinic')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByRole('alert')).toHaveText('Another account has this email address.')
  await expect(form.getByLabel('Email, to sign in with')).toHaveValue('ada@demo.clinic')
  await page.keyboard.press('Escape')

  // Who did what is in the audit trail, and the text of the message is on none of these screens.
  await page.getByRole('button', { name: 'Show in the audit trail' }).click()
  const trail = page.getByRole('list', { name: 'Audit trail' })
  await expect(trail.getByRole('listitem').filter({ hasText: 'began a chat' })).toHaveCount(1)
  for (const name of ['People', 'Invitations', 'Programs', 'Audit', 'Settings', 'Health']) {
    await page.getByRole('navigation').getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    await expect(page.getByText('Loading…')).toBeHidden()
    await expectAccessible(page, `administration: ${name}`)
    expect(await page.content()).not.toContain(SECRET)
  }
  const download = page.waitForEvent('download')
  await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).click()
  await page.getByRole('button', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^audit-.*\.csv$/)
})

test('an admin invites, takes back, removes a device, disables and closes', async ({
  device,
  ada,
}) => {
  const sam = await device(phone)
  await sam.signIn('sam@demo.clinic')
  await sam.startChat('Dr Ada Osei')
  await sam.send('Hello')
  await ada.openChat('Sam Rivera')
  const ben = await device()
  await ben.signIn('ben@demo.clinic')
  const admin = await device()
  await signInAsAdmin(admin)
  const { page } = admin

  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Kim Novak')
  await dialog.getByLabel('Birth date').fill('1984-05-02')
  await dialog.getByRole('button', { name: 'Make invitation' }).click()
  await expect(dialog.getByRole('img', { name: 'QR code of the link for Kim Novak' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Print a page' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Code to read out' }).click()
  await expect(dialog.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Kim Novak' })).toContainText('Invited')
  await page.getByRole('navigation').getByRole('link', { name: 'Invitations' }).click()
  await page.getByRole('button', { name: 'Take back the link of Kim Novak' }).click()
  await confirm(page, 'Take back')
  await expect(page.getByText('Nobody is invited at the moment.')).toBeVisible()

  // A phone is lost.
  await openPerson(page, 'sam', 'Sam Rivera')
  await page.getByRole('button', { name: /^Remove / }).click()
  await confirm(page, 'Remove')
  await expect(page.getByText('Signed in nowhere.')).toBeVisible()
  await sam.comeBack()
  await expect(sam.page.getByRole('heading', { name: 'This device was removed' })).toBeVisible()
  await expect(sam.page.getByText('Hello')).toHaveCount(0)

  // A doctor leaves for a while.
  await openPerson(page, 'ben', 'Dr Ben Laurent')
  await page.getByRole('button', { name: 'Disable' }).click()
  await confirm(page, 'Disable')
  await expect(page.getByText('Disabled', { exact: true })).toBeVisible()
  await ben.comeBack()
  await expect(ben.page.getByRole('button', { name: 'New chat' })).toBeHidden()
  await page.getByRole('button', { name: 'Enable' }).click()
  await confirm(page, 'Enable')
  await expect(page.getByText('Disabled', { exact: true })).toBeHidden()

  // A patient leaves for good: the chat stays for the doctor, who reads that.
  await openPerson(page, 'sam', 'Sam Rivera')
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await confirm(page, 'Close account')
  await expect(page.getByText('Closed', { exact: true }).first()).toBeVisible()
  await expect(ada.message('Hello')).toBeVisible()
  await expect(ada.page.getByText('The account of Sam Rivera is closed.')).toBeVisible()

  // The only admin stays.
  await openPerson(page, 'robin', 'Robin Shah')
  await expect(page.getByRole('button', { name: 'Disable' })).toBeHidden()
})

test('settings reach the patient; without a network administration says so; on a small phone too', async ({
  device,
  pat,
}) => {
  const admin = await device(small)
  await signInAsAdmin(admin)
  const { page } = admin
  const nav = page.getByRole('navigation')
  for (const name of ['People', 'Invitations', 'Programs', 'Audit', 'Health', 'Settings']) {
    await nav.getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    await expect(page.getByText('Loading…')).toBeHidden()
    const wide = await page.evaluate(() => {
      const main = document.querySelector('main')
      return (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0)
    })
    expect(wide, `${name} on a small phone`).toBe(0)
  }
  await page.getByLabel('Name').fill('Hillside Practice')
  await page.getByRole('button', { name: 'Magenta' }).click()
  await page.getByLabel('Emergency number').fill('999')
  await page.getByLabel('Patients, with a doctor').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  await expect(page.getByRole('banner')).toContainText('Hillside Practice')
  await pat.comeBack()
  await expect(pat.page.getByRole('link', { name: 'Emergency? Call 999' })).toBeVisible()
  await expect(pat.page.getByText('Hillside Practice')).toBeVisible()
  await expect(pat.page.getByRole('button', { name: 'New chat' })).toBeHidden()

  await page.getByLabel('Emergency number').fill('help')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
  await expect(page.getByLabel('Emergency number')).toHaveValue('help')

  await admin.goOffline()
  await nav.getByRole('link', { name: 'Health' }).click()
  await expect(page.getByRole('alert')).toContainText('Administration needs the network.')
  await admin.goOnline()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('Last backup')).toBeVisible()
})

test('administration is loaded for admins only', async ({ pat, watch }) => {
  await pat.page.goto('/admin')
  await expect(pat.page.getByRole('button', { name: 'New chat' })).toBeVisible()
  await pat.shellKept()
  const loaded = await pat.page.evaluate(async () => {
    const kept: string[] = []
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) kept.push(url)
    return [...performance.getEntriesByType('resource').map(({ name }) => name), ...kept]
  })
  expect(loaded.length).toBeGreaterThan(5)
  expect(loaded.filter((name) => name.includes('admin'))).toEqual([])
  expect(watch.errors).toEqual([])
})
