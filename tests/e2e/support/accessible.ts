/** What axe finds on a screen, in both themes: nothing. */
import { expect, type Page } from '@playwright/test'
import axe, { type RunOptions } from 'axe-core'

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

/** The rules of each theme: all of them in one, and in the other those that may answer otherwise. */
const RULES: Record<'light' | 'dark', RunOptions> = {
  light: { rules: { 'label-content-name-mismatch': { enabled: true } } },
  dark: { runOnly: { type: 'rule', values: [...OF_COLOURS] } },
}

const findingsIn = async (page: Page, theme: 'light' | 'dark'): Promise<Finding[]> => {
  // Colours are there at once then, and not on their way.
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await drawn(page)
  return page.evaluate(
    async ({ theme, options }) => {
      const { violations } = await axe.run(document, options)
      // Only what is wrong leaves the page: what is right is most of it, by far.
      return violations.map(({ id, help, nodes }) => ({
        theme,
        rule: id,
        help,
        where: nodes.map(({ html, any }) => `${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
      }))
    },
    { theme, options: RULES[theme] },
  )
}

/** @param screen what it is, for the report */
export const expectAccessible = async (page: Page, screen: string): Promise<void> => {
  if (page.isClosed() || !page.url().startsWith('http')) return
  // Half a megabyte of script: once for both themes, and for all screens of a page.
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axe.source)
  const findings = [...(await findingsIn(page, 'light')), ...(await findingsIn(page, 'dark'))]
  // The colours first: on their way back they would be what is seen by who looks again at once.
  await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' })
  await drawn(page)
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  // The other screens are looked at all the same.
  expect.soft(findings, screen).toEqual([])
}
