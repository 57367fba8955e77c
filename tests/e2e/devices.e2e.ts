/** A lost phone, from its person's side: their devices, a removed one, and another password. */
import { callerFor } from '../support/http-caller.ts'
import { expectAccessible } from './support/accessible.ts'
import { desktop, expect, phone, test } from './support/clinic.ts'
import { readDatabases } from './support/databases.ts'
import type { Person } from './support/person.ts'

const REMOVED = 'This device was removed'

const openAccount = async ({ page }: Person, what: string): Promise<void> => {
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('dialog', { name: 'Account' }).getByRole('button', { name: what }).click()
}

const devicesOf = async (person: Person) => {
  await openAccount(person, 'Devices')
  return person.page.getByRole('dialog', { name: 'Devices' })
}

/** Gives the device that it is done on a name. */
const nameThisDevice = async (person: Person, name: string): Promise<void> => {
  const dialog = await devicesOf(person)
  const row = dialog.getByRole('listitem').filter({ hasText: 'This device' })
  await row.getByRole('button', { name: /^Rename/ }).click()
  await dialog.getByLabel('Name of the device').fill(name)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText(name)
  await dialog.getByRole('button', { name: 'Close' }).click()
}

const removeDevice = async (person: Person, name: string): Promise<void> => {
  const dialog = await devicesOf(person)
  await dialog.getByRole('button', { name: `Remove ${name}` }).click()
  await expect(dialog).toContainText(`Remove ${name}?`)
  await expectAccessible(person.page, 'Remove?')
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(dialog.getByRole('listitem').filter({ hasText: name })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Close' }).click()
}

/** Nothing of anybody is on the device: its database has its own mark only, and there is no cookie. */
const expectEmpty = async ({ page }: Person, kept: readonly string[] = []): Promise<void> => {
  await expect(async () => {
    const { wardline, ...others } = await readDatabases(page)
    const { meta = [], ...stores } = wardline ?? {}
    expect(others).toEqual({})
    expect(Object.values(stores).flat()).toEqual([])
    expect(meta.map((value) => (value as { key: string }).key)).toEqual(['life'])
  }).toPass()
  // What everybody may know of the clinic stays.
  const noted = () => page.evaluate(() => Object.keys(localStorage))
  await expect
    .poll(async () => (await noted()).filter((name) => name !== 'wardline-clinic'))
    .toEqual(kept)
  const cookies = await page.context().cookies()
  expect(cookies.filter(({ name }) => name.includes('wardline'))).toEqual([])
}

test('a device that was removed on another one is signed out at once, and empties itself', async ({
  pat,
  ada,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Only for the doctor')
  await pat.expectStatus('Only for the doctor', 'Delivered')
  await pat.leaveChat()
  await nameThisDevice(pat, 'Pat’s phone')
  const desk = await device(desktop)
  await desk.signIn('pat@demo.clinic')
  await desk.openChat('Dr Ada Osei')
  const dialog = await devicesOf(desk)
  await expect(dialog.getByRole('listitem')).toHaveCount(2)
  await expect(dialog.getByRole('listitem').first()).toContainText('This device')
  await expect(dialog.getByRole('listitem').first()).toContainText(/Chrome on \w+/)
  await expect(dialog.getByRole('listitem').last()).toContainText('Last seen')
  // Somebody else's are not there.
  await expect(dialog).not.toContainText('Ada')
  await expectAccessible(desk.page, 'Devices')
  await dialog.getByRole('button', { name: 'Close' }).click()

  await removeDevice(desk, 'Pat’s phone')
  await expect(pat.page.getByRole('heading', { name: REMOVED })).toBeVisible()
  await expect(pat.page.getByRole('main')).toContainText('You removed it from your account')
  await expect(pat.page.getByText('Dr Ada Osei')).not.toBeVisible()
  await expectEmpty(pat, ['wardline-removed'])
  await pat.page.getByRole('button', { name: 'Go on' }).click()
  await expect(pat.page.getByLabel('Email')).toBeVisible()
  await expectEmpty(pat)

  // The others go on, and so can this one.
  await desk.send('From the desk')
  await desk.expectStatus('From the desk', 'Delivered')
  await expect(ada.row('Pat Morgan')).toContainText('From the desk')
  await pat.signIn('pat@demo.clinic')
  await pat.openChat('Dr Ada Osei')
  await pat.expectTimeline(['Only for the doctor', 'From the desk'])
})

test('what a removed device had not sent is offered to its person, before it goes', async ({
  pat,
  device,
}) => {
  const { page } = pat
  await pat.startChat('Dr Ada Osei')
  await pat.send('Sent in time')
  await pat.expectStatus('Sent in time', 'Stored')
  await pat.leaveChat()
  await nameThisDevice(pat, 'Pat’s phone')
  await pat.shellKept()
  await pat.openChat('Dr Ada Osei')
  await pat.goOffline()
  await pat.send('The rash is back\nsince Monday')
  await pat.send('Should I come in?')
  await pat.composer.fill('And one more thi')
  await pat.draftSaved('And one more thi')
  const desk = await device(desktop)
  await desk.signIn('pat@demo.clinic')
  await removeDevice(desk, 'Pat’s phone')

  await pat.goOnline()
  await pat.comeBack()
  await expect(page.getByRole('heading', { name: REMOVED })).toBeVisible()
  const list = page.getByRole('list', { name: 'Not sent' })
  await expect(list.getByRole('listitem')).toContainText([
    'The rash is back',
    'Should I come in?',
    'And one more thi',
  ])
  await expect(page.getByText('Sent in time')).not.toBeVisible()
  await expectAccessible(page, 'a removed device')
  await expectEmpty(pat, ['wardline-removed'])

  // Whoever closes the app by mistake finds it again, without a network as well.
  await pat.goOffline()
  await page.reload()
  await expect(list.getByRole('listitem')).toHaveCount(3)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy all' }).click()
  await expect(page.getByRole('status')).toHaveText('Copied')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('To Dr Ada Osei')
  expect(copied).toContain('The rash is back\nsince Monday')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as text' }).click()
  const chunks: Buffer[] = []
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString()).toBe(copied)
  await pat.goOnline()

  await page.getByRole('button', { name: 'I do not need them any more' }).click()
  await page.getByRole('button', { name: 'Delete them and go on' }).click()
  await expect(page.getByLabel('Email')).toBeVisible()
  await expectEmpty(pat)
  await pat.signIn('pat@demo.clinic')
  await pat.openChat('Dr Ada Osei')
  await pat.expectTimeline(['Sent in time'])
})

test('all tabs of a removed device end on the same page, with the same messages', async ({
  pat,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Sent in time')
  await pat.expectStatus('Sent in time', 'Stored')
  await pat.leaveChat()
  await nameThisDevice(pat, 'Pat’s phone')
  const second = await pat.newTab()
  await pat.goOffline()
  await second.openChat('Dr Ada Osei')
  await second.send('Not sent yet')
  const desk = await device(desktop)
  await desk.signIn('pat@demo.clinic')
  await removeDevice(desk, 'Pat’s phone')
  await pat.goOnline()
  await pat.comeBack()
  for (const { page } of [pat, second])
    await expect(page.getByRole('list', { name: 'Not sent' })).toContainText('Not sent yet')
  await expectEmpty(second, ['wardline-removed'])
})

test('a device that the clinic removed empties itself at once, and offers nothing', async ({
  server,
  pat,
}) => {
  const { page } = pat
  await pat.startChat('Dr Ada Osei')
  await pat.send('Sent in time')
  await pat.expectStatus('Sent in time', 'Stored')
  await pat.shellKept()
  await pat.goOffline()
  await pat.send('Not sent yet')
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  const path = '/api/admin/people/pat-morgan/devices'
  const { devices } = (await admin('GET', path)).body
  expect(devices.length).toBe(1)
  expect(devices[0].name).toMatch(/Chrome on/)
  expect((await admin('DELETE', `${path}/${devices[0].id}`)).status).toBeLessThan(300)
  await pat.goOnline()
  await pat.comeBack()
  await expect(page.getByRole('heading', { name: REMOVED })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('The clinic removed it')
  await expect(page.getByText('Not sent yet')).not.toBeVisible()
  await expectEmpty(pat, ['wardline-removed'])
  expect(await page.evaluate(() => localStorage.getItem('wardline-removed'))).toBe(
    '{"by":"clinic","unsent":[]}',
  )
  await page.getByRole('button', { name: 'Go on' }).click()
  await pat.signIn('pat@demo.clinic')
  await pat.openChat('Dr Ada Osei')
  await pat.expectTimeline(['Sent in time'])
})

test('signing out everywhere empties this device and all others', async ({ pat, device }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('On all devices')
  await pat.expectStatus('On all devices', 'Stored')
  const desk = await device(desktop)
  await desk.signIn('pat@demo.clinic')
  const dialog = await devicesOf(desk)
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(dialog).toContainText('All your devices are signed out')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(desk.page.getByLabel('Email')).toBeVisible()
  await expectEmpty(desk)
  await expect(pat.page.getByRole('heading', { name: REMOVED })).toBeVisible()
  await expectEmpty(pat, ['wardline-removed'])
})

test('another password signs the other devices out, which keep what they have', async ({
  pat,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Before')
  await pat.expectStatus('Before', 'Stored')
  const desk = await device(desktop)
  await desk.signIn('pat@demo.clinic')
  await openAccount(desk, 'Change password')
  const dialog = desk.page.getByRole('dialog', { name: 'Change password' })
  const change = async (current: string, next: string) => {
    await dialog.getByLabel('Current password').fill(current)
    await dialog.getByLabel('New password').fill(next)
    await dialog.getByRole('button', { name: 'Change password' }).click()
  }
  await change('wrong', 'seven lanterns above the harbour')
  await expect(dialog.getByRole('alert')).toHaveText('That is not your current password.')
  await expectAccessible(desk.page, 'Change password')
  await change('wardline-demo', 'short')
  await expect(dialog.getByRole('alert')).toContainText('at least 10 characters')
  await change('wardline-demo', 'Pat Morgan 1984')
  await expect(dialog.getByRole('alert')).toContainText('easy to guess')
  await change('wardline-demo', 'seven lanterns above the harbour')
  await expect(dialog).toContainText('Your password is changed.')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await desk.expectLive()

  await expect(pat.banner).toContainText('Sign in to sync')
  await pat.expectTimeline(['Before'])
  await pat.send('While signed out')
  await pat.expectStatus('While signed out', 'Waiting to send')
  await pat.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await pat.fillSignIn('pat@demo.clinic')
  await expect(pat.page.getByRole('dialog').getByRole('alert')).toContainText('do not match')
  await pat.fillSignIn('pat@demo.clinic', 'seven lanterns above the harbour')
  await pat.expectStatus('While signed out', 'Stored')
})

test('a device without a network says that this needs one', async ({ pat }) => {
  await pat.shellKept()
  await pat.goOffline()
  await pat.page.reload()
  const dialog = await devicesOf(pat)
  await expect(dialog.getByRole('alert')).toContainText('This needs a connection')
  await pat.goOnline()
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
})

test('the dialogs fit a phone', async ({ device }) => {
  const pat = await device({ ...phone, viewport: { width: 320, height: 568 } })
  await pat.signIn('pat@demo.clinic')
  await nameThisDevice(pat, 'W'.repeat(80))
  const dialog = await devicesOf(pat)
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  const overflow = await pat.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBe(0)
})
