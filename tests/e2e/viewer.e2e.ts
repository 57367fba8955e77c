/** Pictures over the whole screen: from one to the next, and closer, by finger, mouse and keys. */
import type { Locator } from '@playwright/test'
import { monthOf } from '@wardline/core/base/ids'
import { expect, test } from './support/clinic.ts'
import { doubleTap, fingers } from './support/fingers.ts'
import type { Person } from './support/person.ts'
import { photo } from './support/picked-files.ts'
import { makeChat, seedMonths } from './support/seed.ts'

/** Eight by eight grey points. */
const PREVIEW =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR42mOYCQUMlDEAYZMmQXL/7RsAAAAASUVORK5CYII='

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg'] as const

const sendPicture = async (person: Person, name: string): Promise<void> => {
  const input = person.page.getByLabel('Files', { exact: true })
  await input.setInputFiles(await photo(person.page, name))
  const dialog = person.page.getByRole('dialog')
  await dialog.getByLabel('Caption').fill(`This is ${name}`)
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(dialog).toBeHidden()
}

/** The doctor sent three pictures, each in a message of its own. */
const begin = async (pat: Person, ada: Person): Promise<void> => {
  await ada.startChat('Pat Morgan')
  for (const name of NAMES) {
    await sendPicture(ada, name)
    await ada.expectStatus(`This is ${name}`, 'Delivered')
  }
  await pat.openChat('Dr Ada Osei')
}

const open = (person: Person, name: string) =>
  person
    .message(`This is ${name}`)
    .getByRole('button', { name: /^Open picture/ })
    .click()
const viewerOf = (person: Person) => person.page.getByRole('dialog', { name: 'Picture' })
const shows = async (person: Person, name: string): Promise<Locator> => {
  const image = viewerOf(person).getByRole('img', { name })
  await expect(image).toBeVisible()
  return image
}
/** How many times its size on the screen the picture has. */
const enlarged = (image: Locator): Promise<number> =>
  image.evaluate(
    (element) => element.getBoundingClientRect().width / (element as HTMLElement).offsetWidth,
  )

test('fingers go from picture to picture of a chat, and closer', async ({ pat, ada }) => {
  await begin(pat, ada)
  await open(pat, 'b.jpg')
  await shows(pat, 'b.jpg')
  await expect(viewerOf(pat)).toContainText('2 of 3')
  const line = (...xs: number[]) => xs.map((x) => [{ x, y: 400 }])
  await fingers(pat, ...line(300, 240, 180, 120))
  await shows(pat, 'c.jpg')
  await fingers(pat, ...line(300, 240, 180, 120))
  await shows(pat, 'c.jpg')
  await fingers(pat, ...line(120, 180, 240, 300))
  await fingers(pat, ...line(120, 180, 240, 300))
  const image = await shows(pat, 'a.jpg')
  // A short pull is none.
  await fingers(pat, ...line(300, 290, 280))
  await shows(pat, 'a.jpg')

  const pair = (apart: number) => [
    { x: 195 - apart, y: 400 },
    { x: 195 + apart, y: 400 },
  ]
  await fingers(pat, pair(30), pair(60), pair(90))
  await expect.poll(() => enlarged(image)).toBeCloseTo(3, 1)
  // What is enlarged moves, and the next picture does not come.
  const before = (await image.boundingBox())!
  await fingers(pat, ...line(300, 240, 180, 120))
  await expect.poll(async () => (await image.boundingBox())!.x).toBeLessThan(before.x - 100)
  await shows(pat, 'a.jpg')
  await fingers(pat, pair(120), pair(60), pair(20))
  await expect.poll(() => enlarged(image)).toBe(1)

  await doubleTap(pat, { x: 195, y: 400 })
  await expect.poll(() => enlarged(image)).toBe(2.5)
  await doubleTap(pat, { x: 195, y: 400 })
  await expect.poll(() => enlarged(image)).toBe(1)
})

test('keys go from picture to picture of a chat, a double click closer, and the focus comes back', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada)
  await open(ada, 'c.jpg')
  await shows(ada, 'c.jpg')
  await expect(viewerOf(ada).getByRole('button', { name: 'Next picture' })).toBeDisabled()
  await ada.page.keyboard.press('ArrowLeft')
  await ada.page.keyboard.press('ArrowLeft')
  await shows(ada, 'a.jpg')
  await ada.page.keyboard.press('ArrowRight')
  const image = await shows(ada, 'b.jpg')
  await image.dblclick()
  await expect.poll(() => enlarged(image)).toBe(2.5)
  await viewerOf(ada).getByRole('button', { name: 'Smaller' }).click()
  await expect.poll(() => enlarged(image)).toBe(2)
  // A wheel with Ctrl is a pinch on a trackpad.
  await image.dispatchEvent('wheel', { deltaY: 1_000, ctrlKey: true, bubbles: true })
  await expect.poll(() => enlarged(image)).toBe(1)
  await ada.page.keyboard.press('Escape')
  await expect(viewerOf(ada)).toBeHidden()
  await expect(
    ada.message('This is c.jpg').getByRole('button', { name: /^Open picture/ }),
  ).toBeFocused()
})

test('older pictures are fetched with their months, over months without any', async ({
  server,
  ada,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const now = new Date()
  const month = (back: number) => monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back))
  const texts = Array.from({ length: 80 }, (_, i) => `Line ${i}`)
  const old = {
    hash: '0'.repeat(64),
    name: 'old.png',
    type: 'image/png',
    size: 100,
    width: 8,
    height: 8,
    preview: PREVIEW,
  }
  await seedMonths(server.url, chat, [
    { month: month(5), texts: ['The first picture'], attachments: [{ ...old, name: 'first.png' }] },
    { month: month(4), texts: ['An old picture'], attachments: [old] },
    ...[3, 2, 1].map((back) => ({ month: month(back), texts })),
  ])
  await ada.openChat('Pat Morgan')
  await sendPicture(ada, 'a.jpg')
  await open(ada, 'a.jpg')
  await shows(ada, 'a.jpg')
  const viewer = viewerOf(ada)
  await expect(viewer).not.toContainText(' of ')
  await ada.page.keyboard.press('ArrowLeft')
  await expect(viewer).toContainText('old.png')
  await viewer.getByRole('button', { name: 'Previous picture' }).click()
  await expect(viewer).toContainText('first.png')
  await expect(viewer).toContainText('1 of 3')
  await expect(viewer.getByRole('button', { name: 'Previous picture' })).toBeDisabled()
  await ada.page.keyboard.press('ArrowRight')
  await expect(viewer).toContainText('2 of 3')
})
