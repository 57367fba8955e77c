/** Somebody leaves: what the others see of it, on a phone and at a desk. */
import { type Call, callerFor } from '../support/http-caller.ts'
import { expect, test } from './support/clinic.ts'

const change = async (admin: Call, method: string, path: string, body?: object) =>
  expect((await admin(method, `/api/admin/people/${path}`, body)).status).toBe(200)

test('a doctor is called another name, then leaves; what was said stays to be read', async ({
  pat,
  ada,
  server,
}, info) => {
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning, doctor')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('Good morning, doctor', 'Read')

  await change(admin, 'PATCH', 'dr-ada', { name: 'Dr Ada Osei-Kyei' })
  await expect(pat.page.getByRole('heading', { name: 'Dr Ada Osei-Kyei' })).toBeVisible()

  await pat.composer.fill('One more thing')
  await change(admin, 'POST', 'dr-ada/close')
  const note = pat.page.getByRole('note')
  await expect(note).toContainText('The account of Dr Ada Osei-Kyei is closed.')
  await expect(note).toContainText('Write to another doctor, or call the clinic.')
  await expect(note.getByRole('link', { name: /Emergency/ })).toBeVisible()
  // What was being written is not lost.
  await expect(note).toContainText('One more thing')
  await expect(pat.composer).toHaveCount(0)
  await expect(pat.message('Good morning, doctor')).toBeVisible()
  await pat.page.screenshot({ path: info.outputPath('closed-phone-light.png') })
  await pat.page.emulateMedia({ colorScheme: 'dark' })
  await pat.page.screenshot({ path: info.outputPath('closed-phone-dark.png') })
  await pat.page.emulateMedia({ colorScheme: 'light' })
  await pat.page.goBack()
  const row = pat.page.getByRole('link', { name: /Dr Ada Osei-Kyei/ })
  await expect(row).toContainText('Account closed')
  await pat.page.screenshot({ path: info.outputPath('list-phone.png') })
  // Her own device is empty.
  await expect(ada.page.getByRole('heading', { name: 'This device was removed' })).toBeVisible()

  await change(admin, 'POST', 'dr-ada/enable')
  await expect(row).not.toContainText('Account closed')
})

test('who left is marked among the members of a group, and staff are called that', async ({
  ada,
  server,
}, info) => {
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  const doctor = await callerFor(server.url, 'ada@demo.clinic')
  const made = await doctor('POST', '/api/chat/groups', {
    ...{ title: 'Ward 3', memberIds: ['pat-morgan', 'dr-ben'] },
  })
  await doctor('POST', '/api/chat/chats', { patientId: 'pat-morgan' })
  const patient = await callerFor(server.url, 'pat@demo.clinic')
  const path = `/api/chat/chats/${made.body.chat.id}/messages`
  await patient('POST', path, { text: 'I feel better' })
  await change(admin, 'PATCH', 'dr-ben', { roles: ['staff'], specialty: null })
  await ada.openChat('Ward 3')
  await expect(ada.message('I feel better')).toBeVisible()
  await change(admin, 'POST', 'pat-morgan/close')
  await ada.page.getByRole('button', { name: 'Group info' }).click()
  const members = ada.page.getByRole('list', { name: 'Members' })
  await expect(members).toContainText('Account closed')
  await expect(members).toContainText('Staff')
  await ada.page.screenshot({ path: info.outputPath('members-desktop.png') })
  await ada.page.emulateMedia({ colorScheme: 'dark' })
  await ada.page.screenshot({ path: info.outputPath('members-desktop-dark.png') })
})
