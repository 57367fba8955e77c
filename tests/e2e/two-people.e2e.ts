/** A patient on a phone and a doctor at a desk, with a network. */
import { desktop, expect, test } from './support/clinic.ts'

test('a wrong password is refused in words, and the right one opens the app', async ({
  device,
}) => {
  const pat = await device(desktop)
  await pat.fillSignIn('pat@demo.clinic', 'not the password')
  await expect(pat.page.getByRole('alert')).toHaveText('Email and password do not match.')
  await expect(pat.page.getByLabel('Email')).toHaveValue('pat@demo.clinic')
  await pat.signIn('pat@demo.clinic')
})

test('two people write to each other, see each other typing, online and reading', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning, doctor')
  await expect(ada.row('Pat Morgan')).toContainText('Good morning, doctor')
  await expect(ada.row('Pat Morgan')).toContainText('1 unread')
  await ada.openChat('Pat Morgan')
  await expect(ada.message('Good morning, doctor')).toBeVisible()
  await expect(ada.row('Pat Morgan')).not.toContainText('unread')
  await pat.expectStatus('Good morning, doctor', 'Read')

  await ada.composer.pressSequentially('Good mor')
  await expect(pat.page.getByText('Dr Ada Osei is typing')).toBeAttached()
  await ada.composer.fill('')
  await expect(pat.page.getByText('Dr Ada Osei is typing')).not.toBeAttached()

  await ada.send('Good morning, Pat')
  await expect(pat.message('Good morning, Pat')).toBeVisible()
  await ada.expectStatus('Good morning, Pat', 'Read')
  await pat.composer.pressSequentially('How are')
  await expect(ada.page.getByText('Pat Morgan is typing')).toBeAttached()
  await pat.send('How are the results?')
  await expect(ada.page.getByText('Pat Morgan is typing')).not.toBeAttached()

  const texts = ['Good morning, doctor', 'Good morning, Pat', 'How are the results?']
  await pat.expectTimeline(texts)
  await ada.expectTimeline(texts)

  await expect(ada.online).toBeVisible()
  await expect(pat.online).toBeVisible()
  await ada.page.close()
  await expect(pat.online).not.toBeAttached()
  await expect(pat.page.getByRole('region').getByText(/last seen/i)).toBeVisible()
})

test('unread messages are counted, divided off at opening, and gone after reading', async ({
  pat,
  ada,
}) => {
  await ada.startChat('Pat Morgan')
  await ada.send('Your results are in')
  // What comes into an open chat gets no divider: it has to be there before.
  await expect(pat.row('Dr Ada Osei')).toContainText('1 unread')
  await pat.openChat('Dr Ada Osei')
  await ada.expectStatus('Your results are in', 'Read')
  await expect(pat.timeline.getByText(/^\d+ unread$/)).toHaveCount(1)
  await pat.leaveChat()
  await ada.send('They look fine')
  await ada.send('Keep taking the tablets')
  await ada.expectStatus('They look fine', 'Delivered')
  await expect(pat.row('Dr Ada Osei')).toContainText('2 unread')
  await expect(pat.page).toHaveTitle('(2) Wardline')

  await pat.openChat('Dr Ada Osei')
  await expect(pat.timeline.getByText('2 unread', { exact: true })).toBeVisible()
  await ada.expectStatus('Keep taking the tablets', 'Read')
  // The divider stays where it was at opening, though nothing is unread any more.
  await expect(pat.timeline.getByText('2 unread', { exact: true })).toBeVisible()
  await expect(pat.page).toHaveTitle('Wardline')
  await pat.leaveChat()
  await expect(pat.row('Dr Ada Osei')).not.toContainText('unread')
  await pat.openChat('Dr Ada Osei')
  await pat.expectTimeline(['Your results are in', 'They look fine', 'Keep taking the tablets'])
  await expect(pat.timeline.getByText(/^\d+ unread$/)).toHaveCount(0)
})

test('one message goes through all four statuses, each when it is true', async ({
  server,
  pat,
  device,
}) => {
  const text = 'Is it normal that it itches?'
  await pat.startChat('Dr Ada Osei')
  await pat.expectLive()
  await server.stop()
  await pat.send(text)
  await pat.expectStatus(text, 'Waiting to send')
  await server.start()
  await pat.comeBack()
  await pat.expectStatus(text, 'Stored')
  const ada = await device(desktop)
  await ada.signIn('ada@demo.clinic')
  await expect(ada.row('Pat Morgan')).toContainText(text)
  await pat.expectStatus(text, 'Delivered')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus(text, 'Read')
})
