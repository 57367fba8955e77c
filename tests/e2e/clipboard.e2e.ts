/** Of several kinds that come at once, the words are taken; a picture alone stays a picture. */
import { expect, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'

/** Puts these kinds on the clipboard together, as a spreadsheet does, and pastes. */
const paste = async ({ page, composer }: Person, kinds: Record<string, string>): Promise<void> => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(async (texts) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 20
    canvas.getContext('2d')?.fillRect(0, 0, 20, 20)
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    const items = Object.fromEntries(
      Object.entries(texts).map(([type, text]) => [
        type,
        type === 'image/png' && picture !== null ? picture : new Blob([text], { type }),
      ]),
    )
    await navigator.clipboard.write([new ClipboardItem(items)])
  }, kinds)
  await composer.focus()
  await page.keyboard.press('Control+V')
}

/** Drops these kinds on the conversation, beside the field. */
const drop = ({ timeline }: Person, kinds: Record<string, string>): Promise<boolean> =>
  timeline.evaluate((target, texts) => {
    const data = new DataTransfer()
    for (const [type, text] of Object.entries(texts))
      if (type.startsWith('image/')) data.items.add(new File([text], 'cells.png', { type }))
      else data.setData(type, text)
    const event = (name: string) =>
      new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true })
    target.dispatchEvent(event('dragover'))
    return !target.dispatchEvent(event('drop'))
  }, kinds)

const CELLS = 'Ramipril\t5 mg\t1-0-0\nBisoprolol\t2,5 mg\t1-0-0'
const files = (person: Person) => person.page.getByRole('dialog', { name: 'Send a file' })

test('cells of a spreadsheet are pasted as words, and their picture alone as a picture', async ({
  ada,
}) => {
  await ada.startChat('Pat Morgan')
  await paste(ada, {
    'text/plain': CELLS,
    'text/html': '<table><tr><td>Ramipril</td></tr></table>',
    'image/png': '',
  })
  await expect(ada.composer).toHaveValue(CELLS)
  await expect(files(ada)).toBeHidden()
  await ada.composer.fill('')
  await paste(ada, { 'image/png': '' })
  await expect(files(ada)).toBeVisible()
  await expect(ada.composer).toHaveValue('')
})

test('words, links and cells that are dropped beside the field go into it', async ({ ada }) => {
  await ada.startChat('Pat Morgan')
  expect(await drop(ada, { 'text/plain': CELLS, 'image/png': 'cells' })).toBe(true)
  await expect(ada.composer).toHaveValue(CELLS)
  await expect(files(ada)).toBeHidden()
  await ada.composer.fill('')
  const link = 'https://clinic.example/plan'
  expect(await drop(ada, { 'text/plain': link, 'text/uri-list': link })).toBe(true)
  await expect(ada.composer).toHaveValue(link)
  await ada.composer.fill('')
  await drop(ada, { 'image/png': 'a picture' })
  await expect(files(ada)).toBeVisible()
})
