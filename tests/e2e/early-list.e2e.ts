/** The list as it was last shown is there before the rest of the app, and belongs to one person. */
import type { Page } from '@playwright/test'
import { test as clinic, expect, phone } from './support/clinic.ts'
import { readDatabases } from './support/databases.ts'
import type { Person } from './support/person.ts'

// Without its worker the page asks for each part of the app, and the test can hold one back.
const test = clinic.extend<{ ada: Person }>({
  ada: async ({ device }, use) => {
    const ada = await device({ ...phone, serviceWorkers: 'block' })
    await ada.signIn('ada@demo.clinic')
    await use(ada)
  },
})

/** Holds back what is behind the interface. Returns how to let it come. */
const holdEngine = async (page: Page): Promise<() => void> => {
  let release: () => void = () => {}
  const released = new Promise<void>((done) => {
    release = done
  })
  await page.route(/\/assets\/device-/, async (route) => {
    await released
    await route.continue()
  })
  return release
}

/** The list is kept with this in it. */
const keeps = async ({ page }: Person, text: string): Promise<void> => {
  await expect(async () => {
    const { wardline } = await readDatabases(page)
    const kept = wardline?.meta?.find((each) => (each as { key: string }).key === 'list')
    expect(JSON.stringify(kept)).toContain(text)
  }).toPass()
}

test('the list is shown before the engine is here, and a row pressed meanwhile opens its chat', async ({
  ada,
}) => {
  await ada.startChat('Pat Morgan')
  await ada.send('How is the knee?')
  await ada.expectStatus('How is the knee?', 'Stored')
  await ada.leaveChat()
  await ada.startChat('Sam Rivera')
  await ada.send('See you on Monday')
  await ada.expectStatus('See you on Monday', 'Stored')
  await ada.leaveChat()
  await keeps(ada, 'See you on Monday')
  const release = await holdEngine(ada.page)
  await ada.page.reload()
  await expect(ada.row('Pat Morgan')).toContainText('How is the knee?')
  const rows = ada.chats.getByRole('listitem')
  await expect(rows).toHaveCount(2)
  await expect(rows.first()).toContainText('See you on Monday')
  const before = await rows.first().boundingBox()
  // The very element, which whatever takes over has to keep.
  await ada.row('Pat Morgan').evaluate((row) => Object.assign(window, { row }))
  await ada.row('Pat Morgan').getByRole('link').click()
  await expect(ada.composer).toHaveCount(0)
  release()
  await expect(ada.composer).toBeVisible()
  await ada.expectTimeline(['How is the knee?'])
  await ada.send('And the other one?')
  await ada.expectStatus('And the other one?', 'Stored')
  await ada.leaveChat()
  const kept = await ada.row('Pat Morgan').evaluate((row) => {
    const { row: early } = window as unknown as { row: Element }
    return early === row && early.isConnected
  })
  expect(kept).toBe(true)
  // Without the banner that says how the connection is.
  await ada.expectLive()
  await expect.poll(() => rows.first().boundingBox()).toEqual(before)
})

test('a chat that is not in the beginning of the list is waited for', async ({ ada }) => {
  await ada.startChat('Pat Morgan')
  await ada.send('Hello')
  const address = ada.page.url()
  await ada.leaveChat()
  await keeps(ada, 'Hello')
  // As if there were more chats than a screen shows.
  await ada.page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => fail(request.error)
      })
    const database = await settled(indexedDB.open('wardline'))
    const meta = database.transaction('meta', 'readwrite').objectStore('meta')
    const { value } = await settled(meta.get('list'))
    const [line] = value.lines
    await settled(
      meta.put({
        key: 'list',
        value: { ...value, lines: [{ ...line, id: 'dm.nobody.dr-ada', title: 'Somebody' }] },
      }),
    )
    database.close()
  })
  const release = await holdEngine(ada.page)
  await ada.page.goto('about:blank')
  await ada.page.goto(address)
  await expect(ada.page.getByText('Somebody', { exact: true })).toBeAttached()
  await expect(ada.page.getByText('Opening…')).toBeVisible()
  await expect(ada.page.getByText('This chat is not here')).toHaveCount(0)
  release()
  await expect(ada.composer).toBeVisible()
  await ada.expectTimeline(['Hello'])
})

test('signing out takes it away, and the next person starts with their own', async ({ ada }) => {
  const { page } = ada
  await ada.startChat('Pat Morgan')
  await ada.send('Only for Pat')
  await ada.expectStatus('Only for Pat', 'Stored')
  await ada.leaveChat()
  await keeps(ada, 'Only for Pat')
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('dialog', { name: 'Account' }).getByText('Sign out').click()
  const sure = page.getByRole('dialog', { name: 'Sign out?' })
  await sure.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('Email')).toBeVisible()
  const release = await holdEngine(page)
  await page.reload()
  // The form needs no more than what the page began with.
  await expect(page.getByLabel('Email')).toBeVisible()
  expect(JSON.stringify(await readDatabases(page))).not.toContain('Only for Pat')
  release()
  await ada.signIn('sam@demo.clinic')
  await ada.startChat('Dr Ada Osei')
  await ada.send('This is Sam')
  await ada.expectStatus('This is Sam', 'Stored')
  await ada.leaveChat()
  await keeps(ada, 'This is Sam')
  await page.unroute(/\/assets\/device-/)
  const again = await holdEngine(page)
  await page.reload()
  await expect(ada.row('Dr Ada Osei')).toContainText('This is Sam')
  await expect(ada.chats.getByRole('listitem')).toHaveCount(1)
  again()
  await ada.openChat('Dr Ada Osei')
  await ada.expectTimeline(['This is Sam'])
})

test('where devices lock themselves nothing is shown before, and nothing is kept', async ({
  ada,
}) => {
  const { page } = ada
  await ada.startChat('Pat Morgan')
  await ada.send('Behind the lock')
  await ada.expectStatus('Behind the lock', 'Stored')
  await ada.leaveChat()
  await keeps(ada, 'Behind the lock')
  const setLock = () =>
    page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem('wardline-clinic') ?? 'null')
      const clinic = { ...kept.clinic, lockMinutes: 5 }
      localStorage.setItem('wardline-clinic', JSON.stringify({ ...kept, clinic }))
    })
  await setLock()
  const release = await holdEngine(page)
  const clinic = page.waitForRequest(/\/assets\/device-/)
  await page.reload()
  await clinic
  await expect(page.getByText('Behind the lock')).toHaveCount(0)
  release()
  await expect(ada.row('Pat Morgan')).toContainText('Behind the lock')
  await expect(async () => {
    const { wardline } = await readDatabases(page)
    const list = wardline?.meta?.find((each) => (each as { key: string }).key === 'list')
    expect(list).toMatchObject({ value: null })
  }).toPass()
})

test('an engine that does not come says so, and is asked for again', async ({ ada }) => {
  const { page } = ada
  await ada.startChat('Pat Morgan')
  await ada.send('Hello')
  await ada.leaveChat()
  await keeps(ada, 'Hello')
  await page.route(/\/assets\/device-/, (route) => route.abort())
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('is not here yet')
  await page.unroute(/\/assets\/device-/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(ada.row('Pat Morgan')).toContainText('Hello')
  await ada.openChat('Pat Morgan')
})
