/** Nothing sticks out sideways, on any screen, in either theme; and what stands where it should. */
import type { Locator } from '@playwright/test'
import { expect, test } from './support/clinic.ts'

const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const long = word.repeat(3)

test('no screen overflows sideways, at any width, in light and dark', async ({ device }) => {
  const pat = await device()
  const { page } = pat
  const expectNoOverflow = async (where: string) => {
    for (const width of [360, 768, 1440])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        const over = await page.evaluate(
          () => (document.scrollingElement?.scrollWidth ?? 0) - window.innerWidth,
        )
        expect(over, `${where} at ${width} px, ${colorScheme}`).toBeLessThanOrEqual(0)
      }
  }

  await expectNoOverflow('sign-in')
  await pat.signIn('pat@demo.clinic')
  await expectNoOverflow('empty list')
  await page.getByRole('button', { name: 'New chat' }).click()
  const picker = page.getByRole('dialog', { name: 'Choose a doctor' })
  await expect(picker.getByRole('button', { name: 'Dr Ben Laurent' })).toBeVisible()
  await expectNoOverflow('picker')
  await picker.getByRole('button', { name: 'Dr Ben Laurent' }).click()
  await pat.send(long)
  await pat.send(`https://example.org/${'a'.repeat(300)}`)
  await pat.composer.fill(long)
  await expect(pat.timeline.getByRole('article')).toHaveCount(2)
  await expectNoOverflow('conversation')
  await pat.composer.press('Escape')
  await expect(pat.row('Dr Ben Laurent')).toContainText('Draft:')
  await expectNoOverflow('list')
  await pat.goOffline()
  await pat.expectOffline()
  await expectNoOverflow('list, offline')
})

test('the button for a new chat keeps to one line on a tablet', async ({ device }) => {
  const ada = await device({ viewport: { width: 768, height: 1024 } })
  await ada.signIn('ada@demo.clinic')
  const label = ada.page.getByRole('button', { name: 'New chat' })
  const lines = await label.evaluate((button) => {
    const range = document.createRange()
    range.selectNodeContents(button)
    return new Set(
      [...range.getClientRects()].map(({ height, top }) => Math.round(top + height / 2)),
    ).size
  })
  expect(lines).toBe(1)
})

test('a name and what stands under it are in the middle of the header', async ({ ada }) => {
  await ada.startChat('Sam Rivera')
  const header = ada.page.getByRole('region', { name: 'Sam Rivera' }).locator('header')
  const boxOf = async (part: Locator) => (await part.boundingBox())!
  const bar = await boxOf(header)
  const name = await boxOf(header.getByRole('heading'))
  const line = await boxOf(header.getByRole('paragraph'))
  const off = (name.y + line.y + line.height) / 2 - (bar.y + bar.height / 2)
  expect(Math.abs(off)).toBeLessThanOrEqual(1)
})

test('what comes into the chat that is being read never counts as unread', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('One')
  await ada.openChat('Pat Morgan')
  await ada.expectLive()
  const badges = await ada.page.evaluateHandle(() => {
    const seen: string[] = []
    new MutationObserver(() => {
      const shown = document.querySelector('[aria-label="Chats"]')?.textContent ?? ''
      if (shown.includes(' unread')) seen.push(shown)
      if (document.title !== 'Wardline') seen.push(document.title)
    }).observe(document, { subtree: true, childList: true, characterData: true })
    return seen
  })
  for (const text of ['Two', 'Three']) {
    await pat.send(text)
    await pat.expectStatus(text, 'Read')
  }
  await expect(ada.row('Pat Morgan')).toContainText('Three')
  expect(await badges.jsonValue()).toEqual([])
})

test('the dialog to sign in shows the only button of that name', async ({ pat }) => {
  await pat.page.context().clearCookies()
  await pat.page.reload()
  const button = pat.banner.getByRole('button', { name: 'Sign in' })
  await expect(button).toHaveCSS('opacity', '1')
  await button.click()
  await expect(pat.page.getByRole('dialog', { name: 'Sign in to sync' })).toBeVisible()
  await expect(button).toHaveCSS('opacity', '0')
  await pat.page.keyboard.press('Escape')
  await expect(button).toBeFocused()
  await expect(button).toHaveCSS('opacity', '1')
})
