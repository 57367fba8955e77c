/** What was ever written on this device is found, with or without a network. */

import type { Locator } from '@playwright/test'
import { monthOf } from '@wardline/core/base/ids'
import { desktop, expect, phone, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'
import { makeChat, seedMonths } from './support/seed.ts'

const PER_MONTH = 60

/** The last months before this one, oldest first. */
const monthsBefore = (count: number) => {
  const now = new Date()
  return Array.from({ length: count }, (_, i) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + i, 1)),
  )
}

/** One message of the oldest month tells of an allergy; one of each month of a walk. */
const history = () =>
  monthsBefore(3).map((month, which) => ({
    month,
    texts: Array.from({ length: PER_MONTH }, (_, n) => {
      if (which === 0 && n === 20) return 'Since childhood I have an allergy to Pénicillin'
      if (n === 40) return `A long walk in ${month}`
      return `message ${n} of ${month}${' and on it goes'.repeat((n * 7) % 13)}`
    }),
  }))

const field = (person: Person): Locator => person.page.getByRole('searchbox', { name: 'Search' })
const found = (person: Person): Locator =>
  person.page.getByRole('list', { name: 'Messages' }).getByRole('listitem')
const bar = (person: Person) => person.page.getByRole('search')

test('a message of an older month is found offline after a start, and jumped to', async ({
  server,
  device,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  await seedMonths(server.url, chat, history())
  const pat = await device(phone)
  await pat.signIn('pat@demo.clinic')
  await pat.shellKept()
  await expect(pat.row('Dr Ada Osei')).toContainText(`message ${PER_MONTH - 1}`)
  await pat.expectLive()
  await field(pat).fill('penicillin allergy')
  await expect(found(pat)).toHaveCount(1)

  await pat.goOffline()
  await pat.page.reload()
  await pat.expectOffline()
  await field(pat).fill('ALLERGY penic')
  await expect(found(pat)).toHaveCount(1)
  await expect(found(pat)).toContainText('You: Since childhood')
  await expect(found(pat).locator('mark')).toHaveText(['allergy', 'Pénic'])
  await found(pat).getByRole('link').click()
  const message = pat.message('Since childhood')
  await expect(message).toBeInViewport({ ratio: 1 })
  await expect(message).toHaveAttribute('data-marked')
  await expect(message).not.toHaveAttribute('data-marked')
  await expect(message).toBeInViewport({ ratio: 1 })

  // The results are still there, and Esc clears them; the chat opens where it always does.
  await pat.leaveChat()
  await expect(found(pat)).toHaveCount(1)
  await field(pat).fill('nobody wrote this')
  await expect(pat.page.getByText('No results for “nobody wrote this”.')).toBeVisible()
  await field(pat).press('Escape')
  await expect(field(pat)).toHaveValue('')
  await pat.openChat('Dr Ada Osei')
  await expect(pat.message('Since childhood')).not.toBeAttached()
})

test('results are walked through with the arrow keys; names come first', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Should I ask Ada again?')
  await pat.send('The adapter of the pump is broken')
  await pat.send('Something else')
  await pat.leaveChat()
  await expect(ada.row('Pat Morgan')).toContainText('Something else')
  const { page } = pat
  await field(pat).fill('ada')
  await expect(pat.row('Dr Ada Osei')).toBeVisible()
  await expect(found(pat)).toContainText(['Should I ask Ada again?', 'The adapter of the pump'])
  await page.keyboard.press('ArrowDown')
  await expect(pat.row('Dr Ada Osei').getByRole('link')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(found(pat).nth(1).getByRole('link')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(field(pat)).toBeFocused()
  await expect(field(pat)).toHaveValue('')
  await field(pat).fill('pump')
  await expect(found(pat)).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(pat.message('The adapter of the pump')).toHaveAttribute('data-marked')
})

test('what was edited is found by its new words, what was taken back by none', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('One tablet of nortriptyline')
  await pat.send('I smoked a cigarette')
  await ada.openChat('Pat Morgan')
  await expect(ada.message('cigarette')).toBeVisible()
  await field(ada).fill('nortri')
  await expect(found(ada)).toHaveCount(1)

  await pat.composer.press('ArrowUp')
  await pat.composer.fill('I ate a sandwich')
  await pat.page.getByRole('button', { name: 'Save changes' }).click()
  await field(ada).fill('sandwich')
  await expect(found(ada)).toHaveCount(1)
  await field(ada).fill('cigarette')
  await expect(ada.page.getByText('No results for “cigarette”.')).toBeVisible()

  await field(ada).fill('nortri')
  await expect(found(ada)).toHaveCount(1)
  await pat.message('nortriptyline').getByText('nortriptyline').click({ button: 'right' })
  await pat.page.getByRole('menuitem', { name: 'Delete' }).click()
  await pat.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  // Gone under the eyes of who is looking at it.
  await expect(ada.page.getByText('No results for “nortri”.')).toBeVisible()
})

test('an open chat is searched from the newest hit back to older months', async ({
  server,
  device,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const months = history()
  await seedMonths(server.url, chat, months)
  const pat = await device(desktop)
  await pat.signIn('pat@demo.clinic')
  await expect(pat.row('Dr Ada Osei')).toContainText(`message ${PER_MONTH - 1}`)
  await pat.expectLive()
  await pat.openChat('Dr Ada Osei')
  const opener = pat.page.getByRole('button', { name: 'Search in this chat' })
  await opener.click()
  await expect(bar(pat).getByRole('searchbox')).toBeFocused()
  await pat.page.keyboard.type('a wal')
  await expect(bar(pat)).toContainText('1 of 3')
  const [oldest, middle, newest] = months.map(({ month }) => pat.message(`A long walk in ${month}`))
  await expect(newest!).toBeInViewport({ ratio: 1 })
  await expect(bar(pat).getByRole('button', { name: 'Newer hit' })).toBeDisabled()
  await expect(newest!.locator('mark')).toHaveText(['A', 'wal'])
  // What holds only one of the words is no hit.
  await expect(pat.timeline.locator('mark')).toHaveCount(2)
  await pat.page.keyboard.press('Enter')
  await expect(bar(pat)).toContainText('2 of 3')
  await expect(middle!).toBeInViewport({ ratio: 1 })
  await bar(pat).getByRole('button', { name: 'Older hit' }).click()
  await expect(bar(pat)).toContainText('3 of 3')
  await expect(oldest!).toBeInViewport({ ratio: 1 })
  await expect(oldest!).toHaveAttribute('data-marked')
  await expect(bar(pat).getByRole('button', { name: 'Older hit' })).toBeDisabled()
  await bar(pat).getByRole('searchbox').press('ArrowDown')
  await expect(middle!).toBeInViewport({ ratio: 1 })
  await pat.page.keyboard.press('Escape')
  await expect(bar(pat)).not.toBeAttached()
  await expect(pat.timeline.locator('mark')).toHaveCount(0)
  await expect(opener).toBeFocused()
  await expect(pat.timeline).toBeVisible()
})
