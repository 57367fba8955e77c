/** Nothing sticks out sideways, on any screen, in either theme. */
import { expect, test } from './support/clinic.ts'

const long =
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3)

for (const width of [360, 768, 1440])
  for (const colorScheme of ['light', 'dark'] as const)
    test(`no sideways overflow at ${width} px, ${colorScheme}`, async ({ device }) => {
      const pat = await device({ viewport: { width, height: 800 }, colorScheme })
      const { page } = pat
      const expectNoOverflow = async (where: string) => {
        const over = await page.evaluate(
          () => (document.scrollingElement?.scrollWidth ?? 0) - window.innerWidth,
        )
        expect(over, where).toBeLessThanOrEqual(0)
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
      if (width < 700) await pat.leaveChat()
      await expect(pat.row('Dr Ben Laurent')).toBeVisible()
      await expectNoOverflow('list')
    })
