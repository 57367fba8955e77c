/** What arrives late is announced when it comes, and one press away, wherever it sorts. */
import { monthOf, monthStart } from '@wardline/core/base/ids'
import { signIn } from '../support/node-device.ts'
import { expect, test } from './support/clinic.ts'
import { chooseForChat } from './support/message-menu.ts'
import type { Person } from './support/person.ts'
import { makeChat, seedMonths } from './support/seed.ts'
import { shiftClock } from './support/wrong-clock.ts'

const HOUR = 3_600_000

const chip = (person: Person) => person.page.getByRole('button', { name: /arrived late/ })
const dividersOf = (person: Person) => person.timeline.getByText(/^\d+ unread$/)

test('what a phone wrote an hour ago without a network is heard, divided and reached', async ({
  server,
  pat,
  ada,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  await pat.openChat('Dr Ada Osei')
  await ada.openChat('Pat Morgan')
  for (let n = 1; n <= 30; n++) await ada.send(`On my round, ${n}`)
  await ada.expectAllSent()
  await ada.page.goto('/')
  await expect(ada.row('Pat Morgan')).toContainText('On my round, 30')

  // The patient's other phone, which was in a dead spot, comes back.
  const at = Date.now() - HOUR
  const month = monthOf(at)
  const hour = (at - monthStart(month)) / HOUR
  await seedMonths(server.url, chat, [{ month, texts: ['My chest hurts'], hour }])
  const notice = ada.page.getByRole('button', { name: /New message from Pat Morgan/ })
  await expect(notice).toContainText('Arrived late')
  await expect(notice).toContainText('My chest hurts')
  const row = ada.row('Pat Morgan')
  await expect(row).toContainText('My chest hurts')
  await expect(row).toContainText(/Arrived (today )?\d/)
  await expect(row).toContainText('1 unread')
  await pat.send('It is better now')
  await expect(row).toContainText('2 unread')

  await ada.openChat('Pat Morgan')
  await expect(ada.message('It is better now')).toBeInViewport()
  await expect(ada.message('My chest hurts')).not.toBeInViewport()
  await expect(dividersOf(ada).last()).toBeInViewport()
  // A list draws what is near: the one who looks goes there.
  await pat.timeline.evaluate((log) => log.scrollTo(0, 0))
  await pat.expectStatus('My chest hurts', 'Delivered')
  await expect(chip(ada)).toContainText(/^1 arrived late, /)
  await chip(ada).click()
  await expect(ada.message('My chest hurts')).toBeInViewport()
  await expect(ada.message('My chest hurts')).toContainText(/Arrived (today )?\d/)
  await expect(dividersOf(ada).first()).toBeInViewport()
  await expect(chip(ada)).toBeHidden()
  await pat.expectStatus('My chest hurts', 'Read')
  // Its author sees it, too.
  await expect(pat.message('My chest hurts')).toContainText(/Arrived (today )?\d/)
  await pat.timeline.evaluate((log) => log.scrollTo(0, log.scrollHeight))
  await pat.expectStatus('It is better now', 'Read')
})

test('a clock that runs ahead does not make what comes old', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning')
  await expect(ada.row('Pat Morgan')).toContainText('1 unread')
  await shiftClock(ada, 24 * HOUR)
  const notice = ada.page.getByRole('button', { name: /New message from/ })
  // What comes within the first second of a new device is counted, and not announced.
  await expect(async () => {
    await pat.send('Are you there?')
    await expect(notice).toContainText('Are you there?', { timeout: 4_000 })
  }).toPass()
})

test('in a month that is not loaded it is counted, said and gone to', async ({
  server,
  device,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const now = new Date()
  const [long, last, current] = [2, 1, 0].map((back) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)),
  ) as [ReturnType<typeof monthOf>, ReturnType<typeof monthOf>, ReturnType<typeof monthOf>]
  const texts = (month: string) => Array.from({ length: 45 }, (_, n) => `message ${n} of ${month}`)
  await seedMonths(server.url, chat, [
    { month: long, texts: texts(long) },
    { month: last, texts: texts(last) },
  ])
  const { token } = await signIn(server.url, 'ada@demo.clinic')
  await fetch(`${server.url}/api/chat/chats/${chat.chat}/read`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
  })
  const ada = await device()
  await ada.signIn('ada@demo.clinic')
  await ada.openChat('Pat Morgan')
  await ada.send(`Written in ${current}`)
  await expect(chip(ada)).toBeHidden()

  await seedMonths(server.url, chat, [{ month: long, texts: ['It began with a cough'], hour: 40 }])
  await expect(chip(ada)).toContainText(/^1 arrived late, /)
  const heard = ada.page.locator('[aria-live=polite]', { hasText: '1 arrived late' })
  await expect(heard).toBeAttached()
  await expect(ada.row('Pat Morgan')).toContainText('It began with a cough')
  await chip(ada).click()
  const message = ada.message('It began with a cough')
  await expect(message).toBeInViewport()
  await expect(message).toContainText('Dated before this chat began')
  await expect(chip(ada)).toBeHidden()
  await expect(ada.row('Pat Morgan')).not.toContainText('unread')
})

test('an archived chat that came back stays when it is answered', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Thank you')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('Thank you', 'Read')
  await chooseForChat(ada, 'Pat Morgan', 'Archive')
  await expect(ada.row('Pat Morgan')).toHaveCount(0)
  await pat.send('One more question')
  await expect(ada.row('Pat Morgan')).toBeVisible()
  await ada.send('Of course')
  await ada.expectStatus('Of course', 'Read')
  await expect(ada.row('Pat Morgan')).toContainText('Of course')
})
