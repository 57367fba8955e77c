/** A doctor's rounds: what is on the device when the network is not there any more. */
import { cached } from './support/cached-files.ts'
import { desktop, expect, phone, test } from './support/clinic.ts'
import { chooseForChat, longPress, menuOf } from './support/message-menu.ts'
import type { Person } from './support/person.ts'
import { photo } from './support/picked-files.ts'

const rounds = ({ page }: Person) => page.getByRole('button', { name: /^Rounds/ })

test('recent files of the patients on the rounds come before anybody looks, and it says since when', async ({
  pat,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('It itches')
  const ada = await device(phone)
  await ada.signIn('ada@demo.clinic')
  await expect(ada.row('Pat Morgan')).toContainText('It itches')
  await chooseForChat(ada, 'Pat Morgan', 'Add to rounds')
  await expect(rounds(ada)).toContainText(/Complete as of \d/)

  await pat.page.getByLabel('Files', { exact: true }).setInputFiles(await photo(pat.page))
  const preview = pat.page.getByRole('dialog')
  await preview.getByLabel('Caption').fill('Here')
  await preview.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ada.row('Pat Morgan')).toContainText('Here')
  // Asked for by nobody, it comes all the same.
  await expect(rounds(ada)).not.toContainText('to come')
  await expect.poll(() => cached(ada)).toBe(1)

  await ada.shellKept()
  await ada.goOffline()
  await ada.page.reload()
  await ada.expectOffline()
  await expect(rounds(ada)).toContainText(/Complete as of \d/)
  await rounds(ada).click()
  const list = ada.page.getByRole('list', { name: 'Rounds' })
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await list.getByRole('link').click()
  const picture = ada
    .message('Here')
    .getByRole('button', { name: /^Open picture/ })
    .locator('img')
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth))
    .toBeGreaterThan(100)
  // Back is where one came from.
  await ada.leaveChat()
  await expect(list.getByRole('listitem')).toHaveCount(1)
})

test('the devices of a doctor agree on the rounds, and a patient has none', async ({
  pat,
  ada,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('It itches')
  const desk = await device(desktop)
  await desk.signIn('ada@demo.clinic')
  await chooseForChat(ada, 'Pat Morgan', 'Add to rounds')
  await expect(rounds(desk)).toContainText('(1)')
  await rounds(desk).click()
  await desk.page.getByRole('list', { name: 'Rounds' }).getByRole('link').click({ button: 'right' })
  await menuOf(desk).getByRole('menuitem', { name: 'Remove from rounds' }).click()
  await expect(rounds(ada)).toHaveCount(0)
  // The folder closes with its last chat.
  await expect(desk.row('Pat Morgan')).toBeVisible()
  await pat.leaveChat()
  await longPress(pat, pat.row('Dr Ada Osei'))
  await expect(menuOf(pat).getByRole('menuitem', { name: 'Pin' })).toBeVisible()
  await expect(menuOf(pat).getByRole('menuitem', { name: /rounds/ })).toHaveCount(0)
})
