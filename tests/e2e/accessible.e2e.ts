/** Every screen and state, one after the other, as axe sees it in both themes. */
import { expectAccessible } from './support/accessible.ts'
import { desktop, expect, phone, test } from './support/clinic.ts'
import { openMenuOf } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

const check = (person: Person, screen: string) => expectAccessible(person.page, screen)

/** Opens a dialog, has it looked at, and closes it. */
const lookInto = async (person: Person, name: string, open: () => Promise<void>) => {
  await open()
  const dialog = person.page.getByRole('dialog', { name })
  await expect(dialog).toBeVisible()
  await check(person, name)
  await person.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
}

for (const [size, options] of [
  ['a phone', phone],
  ['a desk', desktop],
] as const)
  test(`every screen of a patient on ${size}`, async ({ device, ada }) => {
    // axe takes a second or two for each.
    test.slow()
    const pat = await device(options)
    await check(pat, 'sign in')
    await pat.fillSignIn('pat@demo.clinic', 'not the password')
    await expect(pat.page.getByRole('alert')).toBeVisible()
    await check(pat, 'sign in, refused')
    await pat.signIn('pat@demo.clinic')
    await check(pat, 'no chats yet')
    await lookInto(pat, 'Choose a doctor', () =>
      pat.page.getByRole('button', { name: 'New chat' }).click(),
    )
    await pat.startChat('Dr Ada Osei')
    await check(pat, 'an empty chat')
    await pat.send('It itches')
    await pat.send('See https://clinic.example')
    await ada.openChat('Pat Morgan')
    await ada.send('Since when?')
    await pat.page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'Lab report with a rather long name of the clinic 2026-03-04.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4 nothing'),
      })
    const picked = pat.page.getByRole('dialog', { name: 'Send a file' })
    await expect(picked.getByRole('button', { name: 'Send', exact: true })).toBeEnabled()
    await check(pat, 'files to send')
    await picked.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(pat.timeline.getByRole('button', { name: /^Save Lab/ })).toBeVisible()
    await check(pat, 'a chat')
    await lookInto(pat, 'React', async () => {
      await openMenuOf(pat, 'Since when?')
      await check(pat, 'the menu of a message')
      await pat.page.getByRole('menuitem', { name: 'More reactions' }).click()
      await expect(pat.page.getByRole('gridcell').first()).toBeVisible()
    })
    await lookInto(pat, 'Message info', async () => {
      await openMenuOf(pat, 'It itches')
      await pat.page.getByRole('menuitem', { name: 'Info' }).click()
    })
    await lookInto(pat, 'Delete for everyone?', async () => {
      await openMenuOf(pat, 'It itches')
      await pat.page.getByRole('menuitem', { name: 'Delete for everyone' }).click()
    })
    await openMenuOf(pat, 'Since when?')
    await pat.page.getByRole('menuitem', { name: 'Reply' }).click()
    await check(pat, 'a reply')
    await pat.page.getByRole('button', { name: 'Search in this chat' }).click()
    await pat.page.getByRole('searchbox', { name: 'Search in this chat' }).fill('itch')
    await expect(pat.page.getByText('1 of 1')).toBeVisible()
    await check(pat, 'a search in a chat')
    await pat.page.getByRole('button', { name: 'Close search' }).click()
    await pat.goOffline()
    await pat.expectOffline()
    await pat.send('Still here')
    await check(pat, 'offline, with a message that waits')
    if (options === phone) await pat.leaveChat()
    await check(pat, 'the list, offline')
    await pat.page.getByRole('searchbox', { name: 'Search', exact: true }).fill('itch')
    await expect(pat.page.getByRole('list', { name: 'Messages' })).toBeVisible()
    await check(pat, 'a search')
    await pat.page.getByRole('searchbox', { name: 'Search', exact: true }).fill('')
    await lookInto(pat, 'Account', () => pat.page.getByRole('button', { name: 'Account' }).click())
    await lookInto(pat, 'Sign out?', async () => {
      await pat.page.getByRole('button', { name: 'Account' }).click()
      await pat.page.getByRole('button', { name: 'Sign out' }).click()
    })
  })

test('every screen of a doctor', async ({ ada, pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning')
  const direct = ada.row('Pat Morgan').filter({ hasText: 'Good morning' })
  await expect(direct).toBeVisible()
  await check(ada, 'the list, something unread')
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  await check(ada, 'Choose a patient')
  await ada.page.getByRole('dialog').getByRole('button', { name: 'New group' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Name of the group').fill('Care team')
  for (const name of ['Pat Morgan', 'Dr Ben Laurent'])
    await dialog.getByRole('list', { name: 'people' }).getByRole('button', { name }).click()
  await check(ada, 'New group')
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(ada.composer).toBeVisible()
  await pat.leaveChat()
  await pat.openChat('Care team')
  await pat.send('Hello all')
  await expect(ada.timeline.getByText('Hello all')).toBeVisible()
  await check(ada, 'a group')
  await lookInto(ada, 'Group', () => ada.page.getByRole('button', { name: 'Group info' }).click())
  await direct.hover()
  await direct.getByRole('button', { name: 'Actions for' }).click()
  await check(ada, 'the menu of a chat')
  await ada.page
    .getByRole('menuitem', { name: /rounds/i })
    .first()
    .click()
  await check(ada, 'the list with rounds')
  await lookInto(ada, 'Keyboard shortcuts', async () => {
    await ada.page.getByRole('button', { name: 'Account' }).click()
    await ada.page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  })
})
