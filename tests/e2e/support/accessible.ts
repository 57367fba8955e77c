/** What axe finds on a screen, in both themes: nothing. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Two frames: the first draws what was asked for, and by the second it is there. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  )

interface Finding {
  theme: string
  rule: string
  help: string
  where: readonly string[]
}

const findingsIn = async (page: Page, theme: 'light' | 'dark'): Promise<Finding[]> => {
  // Colours are there at once then, and not on their way.
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await drawn(page)
  const { violations } = await new AxeBuilder({ page })
    // No second page, which would be another tab of the app's.
    .setLegacyMode()
    .options({ rules: { 'label-content-name-mismatch': { enabled: true } } })
    .analyze()
  return violations.map(({ id, help, nodes }) => ({
    theme,
    rule: id,
    help,
    where: nodes.map(({ html, any }) => `${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
  }))
}

/** @param screen what it is, for the report */
export const expectAccessible = async (page: Page, screen: string): Promise<void> => {
  if (page.isClosed() || !page.url().startsWith('http')) return
  const findings = [...(await findingsIn(page, 'light')), ...(await findingsIn(page, 'dark'))]
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  // The other screens are looked at all the same.
  expect.soft(findings, screen).toEqual([])
}
