/** Somebody takes no messages in a chat any more: who writes is told, and nothing looks sent. */
import { expect, test } from './support/clinic.ts'
import { chooseForChat } from './support/message-menu.ts'

test('a doctor blocks a chat, offline too; the patient is told calmly, and it is undone', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning, doctor')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('Good morning, doctor', 'Read')

  await chooseForChat(ada, 'Pat Morgan', 'Block')
  const dialog = ada.page.getByRole('dialog', { name: 'Block Pat Morgan?' })
  await expect(dialog).toContainText('write to another doctor or call the clinic')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(ada.composer).toBeVisible()

  await ada.shellKept()
  await ada.goOffline()
  await pat.goOffline()
  await chooseForChat(ada, 'Pat Morgan', 'Block')
  await dialog.getByRole('button', { name: 'Block' }).click()
  await expect(ada.page.getByRole('note')).toContainText('You blocked Pat Morgan here')
  await expect(ada.composer).toHaveCount(0)
  await pat.send('Written where there was no signal')
  await ada.goOnline()
  // The setting is with the server before the message is.
  await ada.expectLive()
  await ada.expectAllSent()
  await pat.expectStatus('Written where there was no signal', 'Waiting to send')

  await pat.goOnline()
  await expect(pat.page.getByRole('note')).toContainText(
    'Dr Ada Osei takes no messages in this chat any more. Write to another doctor, or call the clinic.',
  )
  await expect(pat.page.getByRole('note').getByRole('link', { name: /Emergency/ })).toBeVisible()
  await expect(pat.message('Written where there was no signal')).toContainText(
    'Not sent. No messages are taken in this chat any more.',
  )
  await expect(ada.message('Written where there was no signal')).toHaveCount(0)

  await ada.page.getByRole('button', { name: 'Unblock' }).click()
  await expect(ada.composer).toBeVisible()
  await expect(pat.composer).toBeVisible()
  await pat.send('Good to be back')
  await expect(ada.message('Good to be back')).toBeVisible()
})
