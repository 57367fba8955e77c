/** Pictures, files and voice notes: sent from anywhere, kept offline, the same on the other side. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { cached } from './support/cached-files.ts'
import { expect, processTest, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'
import { type PickedFile, pdf, photo, SECRET } from './support/picked-files.ts'

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Picks files, writes a caption, and sends. */
const sendFiles = async (
  person: Person,
  files: PickedFile | PickedFile[] | string,
  caption = '',
): Promise<void> => {
  await person.page.getByLabel('Files', { exact: true }).setInputFiles(files)
  await confirm(person, caption)
}

const confirm = async ({ page }: Person, caption = ''): Promise<void> => {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Caption').fill(caption)
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(dialog).toBeHidden()
}

/** The bytes of a picture on screen, and how large it is. */
const seen = (image: Locator) =>
  image.evaluate(async (element: HTMLImageElement) => {
    await element.decode()
    return { width: element.naturalWidth, height: element.naturalHeight }
  })
const picture = (message: Locator) =>
  message.getByRole('button', { name: /^Open picture/ }).locator('img')

/** What the server keeps: where, and the bytes. */
const paths = async (dataDir: string): Promise<string[]> => {
  const entries = await readdir(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => join(parentPath, name))
}
const kept = async (dataDir: string): Promise<Buffer[]> =>
  Promise.all((await paths(dataDir)).map((path) => readFile(path)))

const save = async (person: Person, message: Locator): Promise<{ name: string; bytes: Buffer }> => {
  const download = person.page.waitForEvent('download')
  await message.getByRole('button', { name: /^Save/ }).click()
  const saved = await download
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) }
}

test('a photo goes upright and without its metadata, and is seen on both sides', async ({
  server,
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await sendFiles(pat, await photo(pat.page), 'It itches here')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('It itches here', 'Read')
  for (const person of [pat, ada])
    expect(await seen(picture(person.message('It itches here')))).toEqual({
      width: 300,
      height: 600,
    })
  const [file, ...others] = await kept(server.dataDir)
  expect(others).toEqual([])
  expect(file?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
  expect(file?.includes(SECRET)).toBe(false)
  expect(file?.includes('Exif')).toBe(false)

  // The viewer.
  await picture(ada.message('It itches here')).click()
  const viewer = ada.page.getByRole('dialog', { name: 'Picture' })
  await expect(viewer.getByRole('img', { name: 'IMG_0001.jpg' })).toBeVisible()
  await viewer.getByRole('button', { name: 'Larger' }).click()
  await viewer.getByRole('button', { name: 'Smaller' }).click()
  const download = ada.page.waitForEvent('download')
  await viewer.getByRole('button', { name: 'Save' }).click()
  expect((await download).suggestedFilename()).toBe('IMG_0001.jpg')
  await ada.page.keyboard.press('Escape')
  await expect(viewer).toBeHidden()
  await expect(ada.composer).toBeVisible()

  // Seen once, it is there without a network.
  await ada.shellKept()
  await ada.goOffline()
  await ada.page.reload()
  expect(await seen(picture(ada.message('It itches here')))).toEqual({ width: 300, height: 600 })
})

test('files are pasted, dropped and picked, several in a message', async ({ pat, ada }) => {
  await ada.startChat('Pat Morgan')
  const { buffer } = await photo(ada.page)
  const give = (kind: 'paste' | 'drop', name: string) =>
    ada.page.evaluate(
      ([base64, what, named]) => {
        const bytes = Uint8Array.from(atob(base64!), (char) => char.charCodeAt(0))
        const data = new DataTransfer()
        data.items.add(new File([bytes], named!, { type: 'image/jpeg' }))
        const init = { bubbles: true, cancelable: true }
        document.activeElement?.dispatchEvent(
          what === 'paste'
            ? new ClipboardEvent('paste', { ...init, clipboardData: data })
            : new DragEvent('drop', { ...init, dataTransfer: data }),
        )
      },
      [buffer.toString('base64'), kind, name],
    )
  await give('paste', 'pasted.jpg')
  await confirm(ada, 'From the clipboard')
  await give('drop', 'dropped.jpg')
  await give('drop', 'second.jpg')
  await expect(ada.page.getByRole('dialog').getByRole('listitem')).toHaveCount(2)
  await ada.page.getByRole('button', { name: 'Remove second.jpg' }).click()
  await expect(ada.page.getByRole('dialog').getByRole('listitem')).toHaveCount(1)
  await confirm(ada, 'Let go over the chat')
  const letter = pdf(30_000)
  const notes: PickedFile = {
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Take two a day.\n'),
  }
  await sendFiles(
    ada,
    [letter, notes, await photo(ada.page, 'a.jpg'), await photo(ada.page, 'b.jpg')],
    'All of it',
  )
  await pat.openChat('Dr Ada Osei')
  await expect(picture(pat.message('From the clipboard'))).toBeVisible()
  await expect(picture(pat.message('Let go over the chat'))).toBeVisible()
  const all = pat.message('All of it')
  await expect(picture(all)).toHaveCount(2)
  await picture(all).first().click()
  const viewer = pat.page.getByRole('dialog', { name: 'Picture' })
  await expect(viewer.getByRole('img', { name: 'a.jpg' })).toBeVisible()
  await pat.page.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('img', { name: 'b.jpg' })).toBeVisible()
  await viewer.getByRole('button', { name: 'Previous picture' }).click()
  await expect(viewer.getByRole('img', { name: 'a.jpg' })).toBeVisible()
  await viewer.getByRole('button', { name: 'Close' }).click()
  await expect(viewer).toBeHidden()
  const download = pat.page.waitForEvent('download')
  await all.getByRole('button', { name: 'Save Findings.pdf' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('Findings.pdf')
  expect(sha256(await readFile(await saved.path()))).toBe(sha256(letter.buffer))
  await expect(all.getByText('notes.txt')).toBeVisible()
})

test('what cannot be sent is said before it is sent', async ({ ada }) => {
  await ada.startChat('Pat Morgan')
  await ada.page.getByLabel('Files', { exact: true }).setInputFiles([
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<!doctype html><script>') },
    { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\0\0') },
    { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0]) },
  ])
  const dialog = ada.page.getByRole('dialog')
  await expect(dialog.getByText('Web pages and drawings (HTML, SVG) cannot be sent.')).toBeVisible()
  await expect(dialog.getByText('Only images, PDF, audio')).toBeVisible()
  await expect(dialog.getByText('This browser cannot read this picture.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
})

processTest(
  'offline, a message with files waits on the device, through restarts of both sides',
  async ({ server, pat, ada }) => {
    await pat.startChat('Dr Ada Osei')
    await pat.send('First')
    await ada.openChat('Pat Morgan')
    await pat.expectStatus('First', 'Read')
    await pat.shellKept()
    await pat.goOffline()
    await sendFiles(pat, await photo(pat.page), 'From the tunnel')
    await sendFiles(pat, pdf(2_000, 'Never mind.pdf'), 'Not this one')
    await pat.expectStatus('From the tunnel', 'Waiting to send')
    await pat
      .message('Not this one')
      .getByRole('button', { name: /^Cancel sending/ })
      .click()
    await expect(pat.message('Not this one')).toBeHidden()

    // The tab is gone, and so is the server.
    const { page } = pat
    const context = page.context()
    await page.close()
    await server.kill()
    const again = await context.newPage()
    await again.goto('/')
    const back = pat.constructor as new (page: typeof again) => Person
    const tab = new back(again)
    await tab.openChat('Dr Ada Osei')
    await tab.expectStatus('From the tunnel', 'Waiting to send')
    expect(await seen(picture(tab.message('From the tunnel')))).toEqual({ width: 300, height: 600 })

    await server.start()
    await tab.goOnline()
    await tab.comeBack()
    await ada.comeBack()
    await tab.expectStatus('From the tunnel', 'Read')
    await tab.expectTimeline(['First', 'From the tunnel'])
    await ada.expectTimeline(['First', 'From the tunnel'])
    await expect(picture(ada.message('From the tunnel'))).toBeVisible()
  },
)

processTest(
  '50 MB survive the end of the tab and kill -9 of the server, byte for byte',
  async ({ server, pat, ada }, info) => {
    const file = pdf(50_000_000, 'Scan.pdf')
    const path = info.outputPath('Scan.pdf')
    await writeFile(path, file.buffer)
    await pat.startChat('Dr Ada Osei')
    await ada.startChat('Pat Morgan')
    const network = await pat.page.context().newCDPSession(pat.page)
    const slow = { latency: 0, downloadThroughput: -1, uploadThroughput: 8_000_000 }
    await network.send('Network.emulateNetworkConditions', { offline: false, ...slow })
    await sendFiles(pat, path, 'The whole scan')
    const uploads = join(server.dataDir, 'uploads')
    const received = async (): Promise<number> => {
      const names = (await readdir(uploads)).filter((name) => !name.endsWith('.json'))
      const sizes = await Promise.all(names.map((name) => stat(join(uploads, name))))
      return sizes.reduce((sum, { size }) => sum + size, 0)
    }
    await expect.poll(received, { intervals: [20] }).toBeGreaterThan(9_000_000)
    await server.kill()
    const there = await received()
    expect(there).toBeLessThan(file.buffer.length)
    const context = pat.page.context()
    await pat.page.close()
    await server.start()
    const page = await context.newPage()
    const posted: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/uploads'))
        posted.push(request.url())
    })
    await page.goto('/')
    const tab = new (pat.constructor as new (of: typeof page) => Person)(page)
    await tab.openChat('Dr Ada Osei')
    await ada.comeBack()
    await tab.expectStatus('The whole scan', 'Read')
    // It went on where it was.
    expect(posted).toEqual([])
    const message = ada.message('The whole scan')
    const { name, bytes } = await save(ada, message)
    expect(name).toBe('Scan.pdf')
    expect(sha256(bytes)).toBe(sha256(file.buffer))
    expect((await kept(server.dataDir)).map(sha256)).toEqual([sha256(file.buffer)])
  },
)

test('a message that is taken back takes its file with it', async ({ server, pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await sendFiles(pat, await photo(pat.page), 'By mistake')
  await sendFiles(pat, pdf(4_000, 'Right.pdf'), 'This one')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('This one', 'Read')
  await expect(picture(ada.message('By mistake'))).toBeVisible()
  await expect.poll(() => cached(ada)).toBe(1)
  expect(await kept(server.dataDir)).toHaveLength(2)
  const message = pat.message('By mistake')
  await message.getByText('By mistake').click({ button: 'right' })
  await pat.page.getByRole('menuitem', { name: 'Delete for everyone' }).click()
  await pat.page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click()
  await expect(ada.message('This message was deleted')).toBeVisible()
  await expect.poll(() => paths(server.dataDir).then((files) => files.length)).toBe(1)
  await expect(ada.message('This one').getByText('Right.pdf')).toBeVisible()
  // It is gone from both devices as well.
  await expect.poll(() => cached(ada)).toBe(0)
  await expect.poll(() => cached(pat)).toBe(1)
})
