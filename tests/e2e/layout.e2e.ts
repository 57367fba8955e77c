/** Nothing sticks out sideways, on any screen, in either theme. */
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
