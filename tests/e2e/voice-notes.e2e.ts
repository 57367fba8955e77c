/** Voice notes, from a microphone that the browser makes up. */
import { wholeBrowser } from './support/chromium.ts'
import { expect, test } from './support/clinic.ts'

test.use({
  launchOptions: wholeBrowser(
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ),
})

test('a voice note is recorded, sent, and plays on the other side', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  const bar = pat.page.getByRole('group', { name: 'Voice note' })

  // Esc throws it away, and leaves the chat open.
  await pat.page.getByRole('button', { name: 'Record a voice note' }).click()
  await expect(bar.getByRole('timer')).toHaveText('0:01')
  await pat.page.keyboard.press('Escape')
  await expect(bar).toBeHidden()
  await expect(pat.composer).toBeVisible()

  await pat.page.getByRole('button', { name: 'Record a voice note' }).click()
  await expect(bar.getByRole('timer')).toHaveText('0:02')
  await bar.getByRole('button', { name: 'Send the voice note' }).click()
  await expect(bar).toBeHidden()
  await ada.openChat('Pat Morgan')
  const message = ada.timeline.getByRole('article')
  await expect(message).toHaveCount(1)
  await message.getByRole('button', { name: 'Play' }).click()
  await expect(message.getByRole('button', { name: 'Pause' })).toBeVisible()
  const audio = message.locator('audio')
  const at = () => audio.evaluate((element: HTMLAudioElement) => element.currentTime)
  await expect.poll(at).toBeGreaterThan(0.2)
  // As long as it was, whether or not the file says so.
  const slider = message.getByRole('slider', { name: 'Position' })
  const length = Number(await slider.getAttribute('max'))
  expect(length).toBeGreaterThan(1.4)
  expect(length).toBeLessThan(6)
  await message.getByRole('button', { name: 'Pause' }).click()
  const later = (length * 0.7).toFixed(1)
  await slider.fill(later)
  await expect.poll(at).toBeCloseTo(Number(later), 1)
  await message.getByRole('button', { name: 'Play' }).click()
  await expect.poll(at).toBeGreaterThan(Number(later))
  await expect(message.getByRole('button', { name: 'Play' })).toBeVisible()

  // What was fetched plays without a network.
  await ada.shellKept()
  await ada.goOffline()
  await ada.page.reload()
  await message.getByRole('button', { name: 'Play' }).click()
  await expect(message.getByRole('button', { name: 'Pause' })).toBeVisible()
})

test('a held microphone sends when it is let go, and cancels when it slides away', async ({
  pat,
}) => {
  await pat.startChat('Dr Ada Osei')
  const mic = pat.page.getByRole('button', { name: 'Record a voice note' })
  const bar = pat.page.getByRole('group', { name: 'Voice note' })
  const { x, y } = (await mic.boundingBox())!
  const { mouse } = pat.page
  await mouse.move(x + 20, y + 20)
  await mouse.down()
  await expect(bar.getByRole('timer')).toHaveText('0:01')
  await mouse.move(x - 120, y + 20, { steps: 4 })
  await expect(bar).toBeHidden()
  await mouse.up()
  await expect(pat.timeline.getByRole('article')).toHaveCount(0)

  await mouse.move(x + 20, y + 20)
  await mouse.down()
  await expect(bar.getByRole('timer')).toHaveText('0:01')
  await mouse.up()
  await expect(pat.timeline.getByRole('article')).toHaveCount(1)
})

test('a minute takes a tenth of what it took as WAV, and keeps its length', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  const bar = pat.page.getByRole('group', { name: 'Voice note' })
  await pat.page.getByRole('button', { name: 'Record a voice note' }).click()
  await expect(bar.getByRole('timer')).toHaveText('0:03')
  await bar.getByRole('button', { name: 'Send the voice note' }).click()
  await ada.openChat('Pat Morgan')
  const [, seconds, kilobytes] =
    /0:0(\d) · (\d+) kB/.exec((await ada.timeline.getByText(/kB/).textContent()) ?? '') ?? []
  expect(Number(seconds)).toBeGreaterThanOrEqual(2)
  expect(Number(kilobytes) / Number(seconds)).toBeLessThan(6)
})

test('what an audio element does not play is unpacked, and what nothing reads is saved', async ({
  pat,
  ada,
}) => {
  // A browser that plays WAV alone, as far as its audio elements go.
  await ada.page.addInitScript(() => {
    const { createObjectURL } = URL
    URL.createObjectURL = (blob: Blob) =>
      createObjectURL(blob.type === 'audio/wav' ? blob : new Blob(['?'], { type: blob.type }))
  })
  await ada.page.reload()
  await pat.startChat('Dr Ada Osei')
  const bar = pat.page.getByRole('group', { name: 'Voice note' })
  await pat.page.getByRole('button', { name: 'Record a voice note' }).click()
  await expect(bar.getByRole('timer')).toHaveText('0:02')
  await bar.getByRole('button', { name: 'Send the voice note' }).click()
  await ada.openChat('Pat Morgan')
  const message = ada.timeline.getByRole('article')
  await message.getByRole('button', { name: 'Play' }).click()
  await expect(message.getByRole('button', { name: 'Pause' })).toBeVisible()

  await ada.page.addInitScript(() => {
    OfflineAudioContext.prototype.decodeAudioData = () => Promise.reject(new Error('not read'))
  })
  await ada.page.reload()
  await expect(message.getByText('This browser cannot play it')).toBeVisible()
  const download = ada.page.waitForEvent('download')
  await message.getByRole('button', { name: 'Save the recording' }).click()
  expect((await download).suggestedFilename()).toMatch(/^Voice note .*\.(m4a|webm|ogg)$/)
})

test('a recording of which the browser says nothing can be sent all the same', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.page.evaluate(() =>
    Object.defineProperty(HTMLMediaElement.prototype, 'src', { set: () => {} }),
  )
  await pat.page
    .getByLabel('Files', { exact: true })
    .setInputFiles({ name: 'a.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('ID3\x04\0\0') })
  const dialog = pat.page.getByRole('dialog', { name: 'Send a file' })
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(pat.timeline.getByRole('article')).toHaveCount(1)
})
