/** What is done with a chat in the list, on two devices of one person, and what asks for attention. */
import { desktop, expect, phone, test } from './support/clinic.ts'
import { chooseForChat } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

const archive = (person: Person) => person.page.getByRole('button', { name: /^Archived/ })

test('two devices of one person agree on pins, mutes, marks, archive and what is read', async ({
  pat,
  ada,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('First question')
  const pocket = await device(phone)
  await pocket.signIn('ada@demo.clinic')
  await expect(pocket.row('Pat Morgan')).toContainText('1 unread')

  await chooseForChat(ada, 'Pat Morgan', 'Pin')
  await chooseForChat(pocket, 'Pat Morgan', 'Mute')
  for (const person of [ada, pocket]) {
    await expect(person.row('Pat Morgan')).toContainText('Pinned')
    await expect(person.row('Pat Morgan')).toContainText('Muted')
    await expect(person.page).toHaveTitle('Wardline')
  }
  await chooseForChat(ada, 'Pat Morgan', 'Mark as read')
  await expect(pocket.row('Pat Morgan')).not.toContainText('unread')
  await pat.expectStatus('First question', 'Read')
  await chooseForChat(pocket, 'Pat Morgan', 'Mark as unread')
  await expect(ada.row('Pat Morgan')).toContainText('Marked as unread')
  await ada.openChat('Pat Morgan')
  await expect(pocket.row('Pat Morgan')).not.toContainText('unread')

  await chooseForChat(pocket, 'Pat Morgan', 'Archive')
  await pocket.page.getByRole('button', { name: 'Undo' }).click()
  await expect(pocket.row('Pat Morgan')).toBeVisible()
  await chooseForChat(pocket, 'Pat Morgan', 'Archive')
  await expect(archive(ada)).toContainText('(1)')
  await archive(ada).click()
  await expect(ada.page.getByRole('list', { name: 'Archived chats' })).toContainText('Pat Morgan')
  await pat.send('Second question')
  for (const person of [ada, pocket]) {
    await expect(archive(person)).toHaveCount(0)
    await expect(person.row('Pat Morgan')).toContainText('Second question')
  }
})

test('what is done with a chat offline holds, and reaches the other device later', async ({
  pat,
  ada,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('A question')
  const other = await device(desktop)
  await other.signIn('ada@demo.clinic')
  await expect(other.row('Pat Morgan')).toBeVisible()
  await expect(ada.row('Pat Morgan')).toBeVisible()
  await ada.shellKept()
  await ada.goOffline()
  await ada.expectOffline()
  await chooseForChat(ada, 'Pat Morgan', 'Pin')
  await chooseForChat(ada, 'Pat Morgan', 'Archive')
  // What is shown is stored.
  await expect(archive(ada)).toContainText('(1)')
  await ada.page.reload()
  await expect(archive(ada)).toContainText('(1)')
  await chooseForChat(other, 'Pat Morgan', 'Mute')
  await ada.goOnline()
  await expect(archive(other)).toContainText('(1)')
  await archive(other).click()
  await archive(ada).click()
  for (const person of [ada, other]) {
    await expect(person.row('Pat Morgan')).toContainText('Muted')
    await expect(person.row('Pat Morgan')).toContainText('Pinned')
  }
})

test('a message in another chat shows a toast, a badge, and sounds unless switched off', async ({
  pat,
  ada,
  device,
}) => {
  await pat.page.evaluate(() => {
    const told = { sounds: 0, badge: -1 }
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (when?: number) {
      told.sounds += 1
      start.call(this, when)
    }
    const setAppBadge = async (count = 0) => {
      told.badge = count
    }
    Object.assign(navigator, { setAppBadge })
    Object.assign(window, { told })
  })
  const told = () =>
    pat.page.evaluate(() => (window as unknown as { told: { sounds: number; badge: number } }).told)

  const ben = await device(desktop)
  await ben.signIn('ben@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning')
  await ada.openChat('Pat Morgan')
  await ada.send('In the open chat')
  await ada.expectStatus('In the open chat', 'Read')
  expect((await told()).sounds).toBe(0)

  await ben.startChat('Pat Morgan')
  await ben.send('Your results are in')
  const notice = pat.page.getByRole('button', { name: 'New message from Dr Ben Laurent' })
  await expect(notice).toContainText('Your results are in')
  await expect.poll(told).toEqual({ sounds: 2, badge: 1 })
  await notice.click()
  await expect(pat.message('Your results are in')).toBeVisible()
  await expect(notice).toHaveCount(0)
  await expect.poll(async () => (await told()).badge).toBe(0)
  // Left at once it would not have been read.
  await ben.expectStatus('Your results are in', 'Read')

  await pat.leaveChat()
  await pat.page.getByRole('button', { name: 'Account' }).click()
  await pat.page.getByRole('switch', { name: 'Sound for new messages' }).click()
  await pat.page.keyboard.press('Escape')
  await ben.send('Call me when you can')
  await expect(pat.row('Dr Ben Laurent')).toContainText('1 unread')
  expect((await told()).sounds).toBe(2)
})
