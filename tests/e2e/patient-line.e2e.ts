/** Above a doctor's composer: whom they write to, by name and birth date. Patients see no such line. */
import { expect, phone, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'

const BORN = /born (2 May 1984|May 2, 1984) \(\d\d\)/
const described = `Pat Morgan · ${BORN.source}`

/** The line is there to be seen, and is what a screen reader says of the text box. */
const expectPatient = async ({ composer, page }: Person): Promise<void> => {
  await expect(page.getByRole('region', { name: 'Pat Morgan' }).getByText(BORN)).toBeVisible()
  await expect(composer).toHaveAccessibleName('Message')
  await expect(composer).toHaveAccessibleDescription(new RegExp(`^${described}$`))
}

test('a doctor sees whom they write to, also offline; the patient does not', async ({
  pat,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('It itches')
  const ada = await device(phone)
  await ada.signIn('ada@demo.clinic')
  await ada.openChat('Pat Morgan')
  await expectPatient(ada)
  await ada.shellKept()
  await ada.goOffline()
  await ada.page.reload()
  await ada.expectOffline()
  await expectPatient(ada)

  await expect(pat.composer).toHaveAccessibleName('Message')
  await expect(pat.composer).toHaveAccessibleDescription('')
  await expect(pat.page.getByText('born')).toHaveCount(0)
  await expect(pat.page.getByText('1984')).toHaveCount(0)
})

test('a chat begun offline says it too', async ({ ada }) => {
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  const picker = ada.page.getByRole('dialog', { name: 'Choose a patient' })
  await expect(picker.getByRole('button', { name: 'Pat Morgan' })).toHaveText(BORN)
  await ada.page.keyboard.press('Escape')
  await ada.goOffline()
  await ada.startChat('Pat Morgan')
  await expectPatient(ada)
})

test('a doctor sees it wherever they choose, in a group too; no other patient does', async ({
  ada,
  pat,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('It itches')
  const row = ada.page.getByRole('list', { name: 'Chats' }).getByRole('link')
  await expect(row.filter({ hasText: 'Pat Morgan' })).toHaveText(BORN)

  await ada.page.getByRole('button', { name: 'New chat' }).click()
  const picker = ada.page.getByRole('dialog', { name: 'Choose a patient' })
  await picker.getByRole('searchbox').fill('1984')
  await expect(picker.getByRole('list').getByRole('button')).toHaveCount(1)
  await picker.getByRole('button', { name: 'New group' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Name of the group').fill('Care team')
  const people = dialog.getByRole('list', { name: 'people' })
  for (const [name, born] of [
    ['Pat Morgan', BORN],
    ['Sam Rivera', /born (23 Nov 1991|Nov 23, 1991)/],
  ] as const) {
    await expect(people.getByRole('button', { name })).toHaveText(born)
    await people.getByRole('button', { name }).click()
    await expect(dialog.getByRole('button', { name: `Remove ${name}, ` })).toBeVisible()
  }
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(ada.composer).toHaveAccessibleDescription(/Pat Morgan · born .*; Sam Rivera · born/)
  await expect(row.filter({ hasText: 'Care team' })).toHaveText(/Pat Morgan, .*1984.*Sam Rivera/)

  await pat.leaveChat()
  await pat.openChat('Care team')
  await pat.send('Hello all')
  const said = ada.page.getByRole('article').filter({ hasText: 'Hello all' })
  await expect(said).toHaveText(/Pat Morgan · .*1984/)
  await ada.page.getByRole('button', { name: 'Group info' }).click()
  const info = ada.page.getByRole('dialog', { name: 'Group' })
  await expect(info.getByRole('listitem').filter({ hasText: 'Pat Morgan' })).toHaveText(BORN)
  await info.getByRole('button', { name: /^Remove Pat Morgan/ }).click()
  await expect(info.getByText(/^Pat Morgan, born .* They keep/)).toBeVisible()
  await ada.page.keyboard.press('Escape')
  await ada.page.getByRole('searchbox', { name: 'Search' }).fill('itches')
  const found = ada.page.getByRole('list', { name: 'Messages' }).getByRole('link')
  await expect(found.first()).toHaveText(BORN)

  const sam = await device(phone)
  await sam.signIn('sam@demo.clinic')
  await sam.openChat('Care team')
  await expect(sam.timeline.getByText('Hello all')).toBeVisible()
  for (const one of [pat, sam]) {
    await expect(one.page.getByText('born')).toHaveCount(0)
    await expect(one.page.getByText(/1984|1991/)).toHaveCount(0)
  }
})
