/** `npm run dev`: the app from its sources and the server, on one address. */
import { utimes } from 'node:fs/promises'
import { resolve } from 'node:path'
import { test as base, desktop, expect, phone } from './support/clinic.ts'
import { DevProcess, stillRunning } from './support/dev-process.ts'
import { Person } from './support/person.ts'

const main = resolve(import.meta.dirname, '../../sync-server/dist/main.js')

const test = base.extend<{ dev: DevProcess }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed.
  dev: async ({}, use) => {
    const dev = await DevProcess.start()
    await use(dev)
    await dev.remove()
  },
})

test('people write to each other through it, over a restart of the server; Ctrl-C ends all of it', async ({
  dev,
  browser,
  watch,
}) => {
  const ready = () => {
    expect(dev.hasEnded, dev.output).toBe(false)
    expect(dev.output).toContain(`Develop at ${dev.url}`)
  }
  await expect(ready).toPass()
  const open = async (email: string, options: typeof desktop): Promise<Person> => {
    const context = await browser.newContext({ ...options, baseURL: dev.url })
    watch.context(context, dev.url)
    const page = await context.newPage()
    const hot = page.waitForEvent('console', (message) => message.text() === '[vite] connected.')
    await page.goto('/')
    await hot
    const person = new Person(page)
    await person.signIn(email)
    return person
  }
  const ada = await open('ada@demo.clinic', desktop)
  const pat = await open('pat@demo.clinic', phone)
  await pat.startChat('Dr Ada Osei')
  await pat.send('From the sources')
  await expect(ada.row('Pat Morgan')).toContainText('From the sources')

  // As the compiler does when a source has changed, only that it is the same file.
  const starts = () => dev.output.split('server | Wardline is at ').length - 1
  expect(starts()).toBe(1)
  await utimes(main, new Date(), new Date())
  await expect.poll(starts).toBe(2)
  await pat.send('And after a restart')
  await expect(ada.row('Pat Morgan')).toContainText('And after a restart')
  await pat.page.context().close()
  await ada.page.context().close()

  const pids = dev.pids()
  expect(pids.length).toBeGreaterThan(3)
  await dev.interrupt()
  await expect.poll(() => stillRunning(pids)).toEqual([])
  expect(dev.output).not.toContain('could not stop cleanly')
})
