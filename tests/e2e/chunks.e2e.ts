/** Parts of the app that come later: across an update, and when they do not come. */
import { ServerProcess } from '../support/server-process.ts'
import { Builds } from './support/builds.ts'
import { test as clinic, desktop, expect, phone } from './support/clinic.ts'
import type { Person } from './support/person.ts'

const test = clinic.extend<{ builds: Builds }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed.
  builds: async ({}, use) => {
    const builds = await Builds.first()
    await use(builds)
    await builds.remove()
  },
  server: async ({ builds }, use) => {
    const server = await ServerProcess.start({
      env: { WEB_ROOT: builds.folder },
      imports: [new URL('support/web-root.mjs', import.meta.url).href],
    })
    await use(server)
    await server.remove()
  },
})

/** Every emoji: a part that nothing loads but the wish to see it. */
const openEmoji = async ({ page }: Person): Promise<void> => {
  await page.getByRole('button', { name: 'Emoji', exact: true }).click()
  await expect(page.getByRole('searchbox', { name: 'Search emoji' })).toBeVisible()
}

/** The scripts that a tab began with. */
const entryOf = ({ page }: Person): Promise<string[]> =>
  page
    .locator('script[type=module]')
    .evaluateAll((scripts) => scripts.map((script) => script.getAttribute('src') ?? ''))

test('a tab finds the parts of its own build, before an update and after it', async ({
  builds,
  ada,
}) => {
  await ada.shellKept()
  await ada.page.reload()
  await ada.startChat('Pat Morgan')
  await ada.send('Hello')
  const other = await ada.newTab()
  const entry = await entryOf(other)
  // Administration needs the network anyway: no device but an admin's has it, and it is fetched anew.
  const kept = (await builds.assets()).filter((name) => !name.startsWith('admin-screen-'))
  const earlier = kept.map((name) => `/assets/${name}`)
  await builds.replace()
  await ada.page.evaluate(async () => await (await navigator.serviceWorker.ready).update())
  const restart = ada.page.getByRole('button', { name: 'Restart' })
  await expect(restart).toBeVisible()
  // The server does not have it any more.
  await openEmoji(ada)
  await restart.click()
  // While it is loaded again there is nothing to look at.
  await expect.poll(() => entryOf(other).catch(() => entry)).not.toEqual(entry)
  await expect(ada.composer).toBeVisible()
  await openEmoji(ada)
  await other.openChat('Pat Morgan')
  await openEmoji(other)
  // As a tab would ask for them that was asleep while all others were loaded again.
  const answers = await ada.page.evaluate(
    (paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status)),
    earlier,
  )
  expect(answers).toEqual(earlier.map(() => 200))
})

for (const [where, screen] of Object.entries({ phone, desktop }))
  test(`a part that does not come says so, and is asked for again: ${where}`, async ({
    device,
    watch,
  }) => {
    // Without its worker nothing is kept, as on the first visit of all.
    const ada = await device({ ...screen, serviceWorkers: 'block' })
    const { page } = ada
    await page.route(/\/assets\/(layers|open-chat)-/, (route) => route.abort())
    await ada.signIn('ada@demo.clinic')
    await page.getByRole('button', { name: 'New chat' }).click()
    const dialog = page.getByRole('dialog', { name: 'One moment' })
    await expect(dialog.getByRole('alert')).toContainText('is not here yet')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(page.getByRole('button', { name: 'New chat' })).toBeFocused()
    await page.getByRole('button', { name: 'Account' }).click()
    await expect(dialog.getByRole('alert')).toBeVisible()
    await page.unroute(/\/assets\/(layers|open-chat)-/)
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible()
    watch.expectQuiet()
  })
