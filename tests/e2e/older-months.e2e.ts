/** A long chat opens at its end, and its older months come as they are scrolled to. */
import { monthOf } from '@wardline/core/base/ids'
import { desktop, expect, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'
import { makeChat, seedMonths } from './support/seed.ts'

const PER_MONTH = 60
const STEP = 300
/** Browsers place things between pixels. */
const ROUNDING = 2

/** The last months before this one, oldest first. */
const monthsBefore = (count: number) => {
  const now = new Date()
  return Array.from({ length: count }, (_, i) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + i, 1)),
  )
}

/** The topmost message that is in view as a whole, and where it stands. */
const topmost = (person: Person): Promise<{ text: string; y: number }> =>
  person.timeline.evaluate((log) => {
    const { top, bottom } = log.getBoundingClientRect()
    for (const article of log.querySelectorAll('article')) {
      const box = article.getBoundingClientRect()
      if (box.top < top || box.bottom > bottom) continue
      const text = /message \d+ of \d{4}-\d{2}/.exec(article.textContent ?? '')?.[0] ?? ''
      return { text, y: box.top }
    }
    throw new Error('no message is in view')
  })

test('older months load on scrolling up, and what is read stays where it is', async ({
  server,
  device,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const months = monthsBefore(3).map((month) => ({
    month,
    texts: Array.from(
      { length: PER_MONTH },
      (_, n) =>
        // Of unlike heights, so that no guess of them is right.
        `message ${n} of ${month}${' and on it goes'.repeat((n * 7) % 23)}`,
    ),
  }))
  await seedMonths(server.url, chat, months)

  const pat = await device(desktop)
  await pat.signIn('pat@demo.clinic')
  const newest = months.at(-1)?.month
  await expect(pat.row('Dr Ada Osei')).toContainText(`message ${PER_MONTH - 1} of ${newest}`)
  await pat.openChat('Dr Ada Osei')
  await expect(pat.message(`message ${PER_MONTH - 1} of ${newest}`)).toBeInViewport()

  await pat.timeline.hover()
  const seen = new Set<string>()
  const oldest = `message 0 of ${months[0]?.month}`
  for (let step = 0; step < 200; step++) {
    const before = await topmost(pat)
    seen.add(before.text)
    if (before.text === oldest) break
    await pat.page.mouse.wheel(0, -STEP)
    // It moved exactly as far as it was scrolled, whatever was put above it meanwhile.
    await expect
      .poll(async () => {
        const box = await pat.message(before.text).first().boundingBox()
        const moved = Math.round((box?.y ?? Number.NaN) - before.y)
        // The beginning of the chat ends the way.
        const { text } = await topmost(pat)
        if (text === oldest && moved >= 0 && moved < STEP) return 0
        return Math.max(0, Math.abs(moved - STEP) - ROUNDING)
      }, `how many pixels ${before.text} jumped`)
      .toBe(0)
    expect(await pat.timeline.getByRole('article').count()).toBeLessThan(PER_MONTH + 20)
  }
  await expect(pat.message(oldest)).toBeInViewport()
  await expect(pat.page.getByText('This is where your conversation begins.')).toBeVisible()
  // Of every month something went by on the way.
  for (const { month } of months)
    expect([...seen].filter((text) => text.endsWith(month)).length).toBeGreaterThan(5)

  await pat.page.getByRole('button', { name: 'Jump to latest' }).click()
  await expect(pat.message(`message ${PER_MONTH - 1} of ${newest}`)).toBeInViewport()
})
