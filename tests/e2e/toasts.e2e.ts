/** What says that something was done: several at once, in one's own time, by keyboard. */
import type { Locator } from '@playwright/test'
import { expect, test } from './support/clinic.ts'
import { chooseForChat } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

const toasts = (person: Person): Locator =>
  person.page.getByRole('region', { name: 'What was done' }).getByRole('listitem')
const undo = (person: Person, words: string): Locator =>
  toasts(person).filter({ hasText: words }).getByRole('button', { name: 'Undo' })

/** Dr Ada has a chat with Pat in her list; her tab's timers run by hand from then on. */
const begin = async (pat: Person, ada: Person): Promise<void> => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('A question')
  await expect(ada.row('Pat Morgan')).toBeVisible()
  await ada.page.clock.install()
}

test('a second one leaves the first its way back', async ({ pat, ada }) => {
  await begin(pat, ada)
  await chooseForChat(ada, 'Pat Morgan', 'Add to rounds')
  await chooseForChat(ada, 'Pat Morgan', 'Archive')
  await expect(toasts(ada)).toHaveText([/^On your rounds/, /^Chat archived/])
  await undo(ada, 'Chat archived').click()
  await expect(ada.row('Pat Morgan')).toBeVisible()
  await expect(toasts(ada)).toHaveText([/^On your rounds/])
  await ada.page.mouse.move(0, 0)
  await ada.page.clock.fastForward(8_000)
  await expect(toasts(ada)).toHaveCount(0)
})

test('time stands still while one is held, and while nobody looks', async ({ pat, ada }) => {
  await begin(pat, ada)
  const { page } = ada
  await chooseForChat(ada, 'Pat Morgan', 'Archive')
  await toasts(ada).hover()
  await page.clock.fastForward(60_000)
  await expect(toasts(ada)).toHaveCount(1)
  const show = (hidden: boolean) =>
    page.evaluate((now) => {
      Object.defineProperty(document, 'hidden', { value: now, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  await show(true)
  await page.mouse.move(0, 0)
  await page.clock.fastForward(60_000)
  await expect(toasts(ada)).toHaveCount(1)
  await show(false)
  await page.clock.fastForward(8_000)
  await expect(toasts(ada)).toHaveCount(0)
})

test('F8 goes to the way back, and the focus comes back from it', async ({ pat, ada }) => {
  await begin(pat, ada)
  const { page } = ada
  const search = page.getByRole('searchbox', { name: 'Search', exact: true })
  await chooseForChat(ada, 'Pat Morgan', 'Add to rounds')
  await chooseForChat(ada, 'Pat Morgan', 'Archive')
  await search.focus()
  await page.keyboard.press('F8')
  await expect(undo(ada, 'Chat archived')).toBeFocused()
  // Both wait for as long as it takes.
  await page.clock.fastForward(60_000)
  await expect(toasts(ada)).toHaveCount(2)
  await page.keyboard.press('Shift+Tab')
  await expect(undo(ada, 'On your rounds')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(toasts(ada)).toHaveText([/^Chat archived/])
  await expect(search).toBeFocused()
  await page.keyboard.press('F8')
  await page.keyboard.press('Enter')
  await expect(ada.row('Pat Morgan')).toBeVisible()
  await expect(search).toBeFocused()
})
