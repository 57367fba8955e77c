/** What admins decide of the clinic reaches its people. */
import { caller, callerFor } from '../support/http-caller.ts'
import { expect, phone, test } from './support/clinic.ts'

test('the app follows the name, the number, the colour and the notes of the clinic', async ({
  device,
  server,
}) => {
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  const change = async (settings: object) =>
    expect((await admin('PATCH', '/api/admin/settings', settings)).status).toBe(200)

  const pat = await device(phone)
  const { page } = pat
  await expect(page.getByRole('heading', { name: 'Welcome to Wardline' })).toBeVisible()
  await change({
    name: 'Hillside Family Practice',
    emergencyNumber: '999',
    accent: '#a3195b',
    notes: 'We read messages from 8 to 18.\n\nWhat you write is part of your record.',
  })
  await page.reload()
  await expect(
    page.getByRole('heading', { name: 'Welcome to Hillside Family Practice' }),
  ).toBeVisible()
  await expect(page).toHaveTitle('Hillside Family Practice')
  const call = page.getByRole('link', { name: 'Emergency? Call 999' })
  await expect(call).toHaveAttribute('href', 'tel:999')
  const accent = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'))
  await expect.poll(accent).toBe('#a3195b')

  await pat.fillSignIn('pat@demo.clinic')
  const notes = page.getByRole('dialog', { name: 'Before you write to Hillside Family Practice' })
  await expect(notes).toContainText('What you write is part of your record.')
  await notes.getByRole('button', { name: 'I have read this' }).click()
  await expect(notes).toBeHidden()
  await expect(page.getByRole('button', { name: 'New chat' })).toBeVisible()

  // Of this device now: without a network, and from the first paint on.
  await pat.shellKept()
  await pat.goOffline()
  await page.reload()
  await expect(call).toBeVisible()
  expect(await accent()).toBe('#a3195b')
  await expect(notes).toBeHidden()
  await pat.goOnline()

  // Other notes are to be read, and who may not begin a chat has no button for it.
  await change({
    notes: 'New hours: 9 to 17.',
    mayStart: { patientToDoctor: false, doctorToPatient: true, groups: true },
  })
  await pat.comeBack()
  await expect(notes).toContainText('New hours')
  await notes.getByRole('button', { name: 'I have read this' }).click()
  await expect(page.getByRole('button', { name: 'New chat' })).toBeHidden()
  await expect(page.getByText('The clinic writes to you first.').first()).toBeVisible()

  // The number stays when the person goes, network or not.
  await change({ emergencyNumber: '112 233' })
  await pat.comeBack()
  await expect(page.getByRole('link', { name: 'Emergency? Call 112 233' })).toBeVisible()
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('Email')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Emergency? Call 112 233' })).toBeVisible()
  expect((await caller(server.url, undefined)('GET', '/api/clinic')).body.name).toBe(
    'Hillside Family Practice',
  )
})
