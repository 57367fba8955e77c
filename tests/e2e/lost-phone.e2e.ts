/** A lost phone, from the clinic's side: Tuesday of a clinic's week. */
import { callerFor } from '../support/http-caller.ts'
import { expectAccessible } from './support/accessible.ts'
import { expect, phone, test } from './support/clinic.ts'
import { scan } from './support/scan.ts'

test('Tuesday: staff find the patient who calls, remove the lost phone, and give a way back in', async ({
  device,
  server,
  pat,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Only for the doctor')
  await pat.expectStatus('Only for the doctor', 'Stored')
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  const change = await admin('PATCH', '/api/admin/people/dr-ben', { roles: ['staff'] })
  expect(change.status).toBe(200)

  const desk = await device(phone)
  const { page } = desk
  await desk.fillSignIn('ben@demo.clinic')
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('button', { name: 'Help a patient' }).click()
  const picker = page.getByRole('dialog', { name: 'Who needs help?' })
  // Nobody of the clinic is among them.
  await expect(picker.getByRole('button', { name: 'Sam Rivera' })).toBeVisible()
  await expect(picker.getByRole('button', { name: 'Dr Ada Osei' })).toHaveCount(0)
  await picker.getByLabel('Search patients').fill('morgan')
  await expect(picker.getByRole('button', { name: 'Sam Rivera' })).toHaveCount(0)
  await picker.getByRole('button', { name: 'Pat Morgan' }).click()

  const dialog = page.getByRole('dialog', { name: 'Help Pat Morgan' })
  const devices = dialog.getByRole('list', { name: 'Devices' }).getByRole('listitem')
  await expect(devices).toHaveCount(1)
  await expect(devices).toContainText('Last seen')
  await expect(dialog.getByRole('button', { name: /^Rename/ })).toHaveCount(0)
  await expectAccessible(page, 'Help a patient')
  await dialog.getByRole('button', { name: /^Remove / }).click()
  await expect(dialog).toContainText('Make sure that it is Pat Morgan who asks for it.')
  await expectAccessible(page, 'Remove a patient’s device')
  // Who changes their mind has removed nothing.
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(devices).toHaveCount(1)
  await desk.goOffline()
  await dialog.getByRole('button', { name: /^Remove / }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('This needs a connection.')
  await desk.goOnline()
  await expect(pat.composer).toBeVisible()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(dialog.getByRole('status')).toContainText('is removed')
  await expect(devices).toHaveCount(0)
  await expect(dialog).toContainText('Pat Morgan is signed in nowhere.')
  await expectAccessible(page, 'A patient’s device was removed')

  // At once, on the phone that lay in a taxi.
  await expect(pat.page.getByRole('heading', { name: 'This device was removed' })).toBeVisible()
  await expect(pat.page.getByRole('main')).toContainText('The clinic removed it')
  await expect(pat.page.getByText('Only for the doctor')).not.toBeVisible()

  await dialog.getByRole('button', { name: 'Make a link or a code' }).click()
  const way = page.getByRole('dialog', { name: 'Let Pat Morgan sign in again' })
  const link = await scan(page, await way.getByRole('img', { name: 'QR code' }).screenshot())
  await way.getByRole('button', { name: 'Done' }).click()
  const found = await device(phone)
  await found.page.goto(link)
  await found.page.getByLabel('New password').fill('drei Birnen im Regen')
  await found.page.getByRole('button', { name: 'Use this password' }).click()
  await found.openChat('Dr Ada Osei')
  await found.expectTimeline(['Only for the doctor'])
})
