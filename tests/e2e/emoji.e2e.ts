/** Choosing emoji: for a reaction and in a text, by hand and by keys, without a network. */
import type { Locator } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { expect, test } from './support/clinic.ts'
import { choose, reaction } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

const openTray = async (person: Person): Promise<Locator> => {
  await person.page.getByRole('button', { name: 'Emoji', exact: true }).click()
  return person.page.getByRole('group', { name: 'Choose emoji' })
}
const find = async (within: Locator, words: string): Promise<void> => {
  await within.getByRole('searchbox', { name: 'Search emoji' }).fill(words)
}
const cell = (within: Locator, name: string): Locator =>
  within.getByRole('gridcell', { name, exact: true }).first()

test('a reaction is looked for by name, offline on a cold start too', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('The fever is gone')
  await ada.openChat('Pat Morgan')
  await expect(ada.message('The fever is gone')).toBeVisible()
  await ada.shellKept()
  await ada.goOffline()
  await ada.page.reload()
  await ada.expectOffline()
  await choose(ada, 'The fever is gone', 'More reactions')
  const dialog = ada.page.getByRole('dialog', { name: 'React' })
  // By keyboard alone: the field has the focus, Enter takes what is found first.
  await expect(dialog.getByRole('searchbox', { name: 'Search emoji' })).toBeFocused()
  await ada.page.keyboard.type('party popper')
  await expect(dialog.getByRole('gridcell')).toHaveCount(1)
  await ada.page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(reaction(ada, 'The fever is gone', '🎉')).toBeVisible()
  await ada.goOnline()
  await ada.comeBack()
  await expect(reaction(pat, 'The fever is gone', '🎉')).toBeVisible()
})

test('in a text they go where the caret is, and it stays there', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello')
  await ada.openChat('Pat Morgan')
  const { keyboard } = ada.page
  await keyboard.type('Well done!')
  await keyboard.press('ArrowLeft')
  const tray = await openTray(ada)
  await find(tray, 'clapping')
  await cell(tray, 'clapping hands').click()
  await expect(ada.composer).toBeFocused()
  await keyboard.type(' ')
  await expect(ada.composer).toHaveValue('Well done👏 !')
  // In the place of what is selected.
  await keyboard.press('Home')
  await keyboard.press('Shift+End')
  await cell(tray, 'clapping hands').click()
  await expect(ada.composer).toHaveValue('👏')
  await cell(tray, 'clapping hands').click()
  await expect(ada.composer).toHaveValue('👏👏')
  // Esc closes the emoji, and only then the chat.
  await keyboard.press('Escape')
  await expect(tray).toBeHidden()
  await expect(ada.composer).toBeFocused()
  await keyboard.press('Enter')
  await pat.expectTimeline(['Hello', '👏👏'])
})

test('those chosen last come first, in the tone that was chosen', async ({ ada, pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello')
  await ada.openChat('Pat Morgan')
  let tray = await openTray(ada)
  await tray.getByRole('combobox', { name: 'Skin tone' }).selectOption('dark')
  await find(tray, 'waving hand')
  await cell(tray, 'waving hand').click()
  await expect(ada.composer).toHaveValue('👋🏿')
  await find(tray, 'stethoscope')
  await cell(tray, 'stethoscope').click()
  await expect(ada.composer).toHaveValue('👋🏿🩺')
  await ada.page.reload()
  tray = await openTray(ada)
  await expect(tray.getByText('Recent')).toBeVisible()
  await expect(tray.getByRole('gridcell').nth(0)).toHaveAttribute('data-emoji', '🩺')
  await expect(tray.getByRole('gridcell').nth(1)).toHaveAttribute('data-emoji', '👋🏿')
  await find(tray, 'no such thing')
  await expect(tray.getByText('No emoji is called “no such thing”')).toBeVisible()
})

test('on a phone they take the place of the keyboard, and the draft stays', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.composer.fill('Thank you')
  const tray = await openTray(pat)
  await expect(pat.composer).not.toBeFocused()
  await expectAccessible(pat.page, 'emoji for a text')
  await find(tray, 'folded hands')
  await cell(tray, 'folded hands').tap()
  await expect(pat.composer).toHaveValue('Thank you🙏')
  await pat.draftSaved('Thank you🙏')
  await pat.composer.tap()
  await expect(tray).toBeHidden()
  await pat.sendButton.tap()
  await pat.expectTimeline(['Thank you🙏'])
})

test('nothing of it is loaded before it is asked for', async ({ device }) => {
  const page = (await device()).page
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  )
  expect(loaded.filter((path) => path.includes('/emoji-'))).toEqual([])
})
