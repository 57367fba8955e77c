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

test('a chat begun offline says it too, and a group of the same people does not', async ({
  ada,
}) => {
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  const picker = ada.page.getByRole('dialog', { name: 'Choose a patient' })
  await expect(picker.getByRole('button', { name: 'Pat Morgan' })).toBeVisible()
  await picker.getByRole('button', { name: 'New group' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Name of the group').fill('Care team')
  const people = dialog.getByRole('list', { name: 'people' })
  await people.getByRole('button', { name: 'Pat Morgan' }).click()
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(ada.composer).toBeVisible()
  await expect(ada.composer).toHaveAccessibleDescription('')
  await expect(ada.page.getByText('born')).toHaveCount(0)

  await ada.goOffline()
  await ada.startChat('Pat Morgan')
  await expectPatient(ada)
})
