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

/** Rules whose answer may be another one in the other theme, which changes nothing but colours. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'] as const

const findingsIn = async (page: Page, theme: 'light' | 'dark'): Promise<Finding[]> => {
  // Colours are there at once then, and not on their way.
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await drawn(page)
  // No second page, which would be another tab of the app's.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (theme === 'light'
    ? axe.options({ rules: { 'label-content-name-mismatch': { enabled: true } } })
    : axe.withRules([...OF_COLOURS])
  ).analyze()
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
