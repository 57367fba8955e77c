/** What is pressed is what is meant, whatever comes in before the finger is lifted. */
import type { Locator } from '@playwright/test'
import { desktop, expect, type OpenDevice, test } from './support/clinic.ts'
import { react, reaction } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

/** Puts the mouse button down on the middle of something, and leaves it there. */
const pressOn = async (person: Person, target: Locator) => {
  // A hover waits until it stands still for two frames, which it also does before an animation begins.
  await target.evaluate(async (element) => {
    const finite = element.ownerDocument
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    await Promise.allSettled(finite.map(({ finished }) => finished))
  })
  await target.hover()
  await person.page.mouse.down()
}

const signedIn = async (device: OpenDevice, email: string): Promise<Person> => {
  const person = await device(desktop)
  await person.signIn(email)
  return person
}

test('a row that is pressed opens its chat, though another comes first meanwhile', async ({
  pat,
  ada,
  device,
}) => {
  const ben = await signedIn(device, 'ben@demo.clinic')
  await ben.startChat('Pat Morgan')
  await ben.send('First')
  await expect(pat.row('Dr Ben Laurent')).toContainText('First')
  await ada.startChat('Pat Morgan')
  await ada.send('Second')
  await expect(pat.chats.getByRole('listitem').first()).toContainText('Dr Ada Osei')

  const row = pat.row('Dr Ada Osei').getByRole('link')
  await pressOn(pat, row)
  const before = await row.boundingBox()
  await ben.send('Third')
  await expect(pat.row('Dr Ben Laurent')).toContainText('Third')
  expect(await row.boundingBox()).toEqual(before)
  await pat.page.mouse.up()
  await expect(pat.page.getByRole('log', { name: 'Conversation with Dr Ada Osei' })).toBeVisible()
  await pat.leaveChat()
  await expect(pat.chats.getByRole('listitem').first()).toContainText('Dr Ben Laurent')
})

test('a row that is pressed opens its chat, though it says something else meanwhile', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.leaveChat()
  await ada.startChat('Pat Morgan')
  const words = pat.row('Dr Ada Osei').getByText('No messages yet')
  await pressOn(pat, words)
  await ada.send('Good morning')
  await expect(pat.row('Dr Ada Osei')).toContainText('Good morning')
  await expect(words).toHaveCount(0)
  await pat.page.mouse.up()
  await expect(pat.composer).toBeVisible()
})

test('a row that is pressed opens its chat, though a banner is due over it', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.leaveChat()
  const row = pat.row('Dr Ada Osei').getByRole('link')
  const other = await pat.newTab()
  await pat.page.bringToFront()
  await pressOn(pat, row)
  const before = await row.boundingBox()
  await pat.goOffline()
  await other.expectOffline()
  await pat.expectLive()
  expect(await row.boundingBox()).toEqual(before)
  await pat.page.mouse.up()
  await expect(pat.composer).toBeVisible()
  await pat.expectOffline()
})

test('what is pressed in a conversation stays under the finger while messages come in', async ({
  pat,
  device,
}) => {
  const ada = await signedIn(device, 'ada@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  for (let number = 1; number <= 12; number++) await pat.send(`Line ${number} of 12`)
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('Line 12 of 12', 'Read')
  await react(pat, 'Line 12 of 12', '👍')
  const chip = reaction(ada, 'Line 12 of 12', '👍')
  await pressOn(ada, chip)
  const before = await chip.boundingBox()
  await pat.send('And one more')
  await expect(ada.row('Pat Morgan')).toContainText('And one more')
  expect(await chip.boundingBox()).toEqual(before)
  await expect(ada.message('And one more')).toHaveCount(0)

  await ada.page.mouse.up()
  await expect(ada.message('And one more')).toBeVisible()
  await expect(reaction(pat, 'Line 12 of 12', '👍')).toContainText('2')
  await pat.expectStatus('And one more', 'Read')
})

test('whoever is pressed is chosen, though the answer to a search comes meanwhile', async ({
  pat,
}) => {
  const { page } = pat
  let answer = () => {}
  const due = new Promise<void>((done) => {
    answer = done
  })
  await page.route(/\/doctors\?query=Laurent/, async (route) => {
    await due
    await route.continue()
  })
  await page.getByRole('button', { name: 'New chat' }).click()
  const picker = page.getByRole('dialog', { name: 'Choose a doctor' })
  const ben = picker.getByRole('button', { name: 'Dr Ben Laurent' })
  await expect(ben).toBeVisible()
  await picker.getByRole('searchbox').fill('Laurent')
  await pressOn(pat, ben)
  const before = await ben.boundingBox()
  const answered = page.waitForResponse(/query=Laurent/)
  answer()
  await (await answered).finished()
  expect(await ben.boundingBox()).toEqual(before)
  await expect(picker.getByRole('button', { name: 'Dr Ada Osei' })).toBeVisible()
  await page.mouse.up()
  await expect(page.getByRole('log', { name: 'Conversation with Dr Ben Laurent' })).toBeVisible()
})
