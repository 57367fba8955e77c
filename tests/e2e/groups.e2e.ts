/** A care team: a doctor brings another doctor and a patient together, and changes who is in it. */
import type { Locator } from '@playwright/test'
import { expect, type OpenDevice, phone, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'

const signedIn = async (device: OpenDevice, email: string): Promise<Person> => {
  const person = await device(phone)
  await person.signIn(email)
  return person
}

const makeGroup = async (ada: Person, title: string, names: readonly string[]): Promise<void> => {
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  await ada.page.getByRole('dialog').getByRole('button', { name: 'New group' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Name of the group').fill(title)
  const people = dialog.getByRole('list', { name: 'people' })
  for (const name of names) await people.getByRole('button', { name }).click()
  await expect(dialog.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(
    names.length,
  )
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(ada.composer).toBeVisible()
}

const openInfo = async (person: Person): Promise<Locator> => {
  await person.page.getByRole('button', { name: 'Group info' }).click()
  return person.page.getByRole('dialog', { name: 'Group' })
}

const members = (dialog: Locator): Locator =>
  dialog.getByRole('list', { name: 'Members' }).getByRole('listitem')

test('a doctor makes a group, three people chat, one is removed and comes back, it is renamed', async ({
  ada,
  pat,
  device,
}) => {
  const ben = await signedIn(device, 'ben@demo.clinic')
  await makeGroup(ada, 'Care team', ['Dr Ben Laurent', 'Pat Morgan'])
  const joined = 'Dr Ada Osei added Dr Ben Laurent and Pat Morgan'
  await expect(ada.timeline.getByText(joined)).toBeVisible()
  await expect(ada.page.getByText('3 members: Dr Ada Osei, Dr Ben Laurent, Pat')).toBeVisible()

  // All three write; names stand on what others wrote.
  await ada.send('Pat, how are you today?')
  await pat.openChat('Care team')
  await pat.send('Better, thank you')
  await ada.expectStatus('Pat, how are you today?', 'Delivered')
  await ben.openChat('Care team')
  await ada.expectStatus('Pat, how are you today?', 'Read')
  await ben.send('Good to hear')
  for (const person of [ada, pat, ben])
    await person.expectTimeline(['Pat, how are you today?', 'Better, thank you', 'Good to hear'])
  await expect(
    pat.message('Good to hear').getByText('Dr Ben Laurent', { exact: true }),
  ).toBeVisible()

  // Several can type at once.
  await pat.composer.pressSequentially('x')
  await ben.composer.pressSequentially('x')
  const typing = 'Dr Ben Laurent and Pat Morgan are typing…'
  await expect(ada.page.getByRole('region').getByText(typing)).toBeVisible()
  await pat.composer.fill('')
  await ben.composer.fill('')

  // One is removed while the others go on.
  let dialog = await openInfo(ada)
  await expect(members(dialog)).toHaveCount(3)
  await dialog.getByRole('button', { name: 'Remove Pat Morgan' }).click()
  await expect(dialog.getByText('Remove Pat Morgan?')).toBeVisible()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(members(dialog)).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(pat.page.getByText('You are no longer a member of this chat.')).toBeVisible()
  await expect(pat.composer).toBeHidden()
  await ada.send('Between the two of us')
  await ben.send('Yes')
  await expect(ben.timeline.getByText('Dr Ada Osei removed Pat Morgan')).toBeVisible()
  await ada.expectStatus('Between the two of us', 'Read')

  // A new name for those who are in it.
  dialog = await openInfo(ada)
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByLabel('Name of the group').fill('Ward 3')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Ward 3')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(ben.page.getByRole('heading', { name: 'Ward 3' })).toBeVisible()

  // The one who is out has what they had, and nothing else, also after a start.
  await pat.page.reload()
  await pat.expectTimeline(['Pat, how are you today?', 'Better, thank you', 'Good to hear'])
  await expect(pat.page.getByRole('heading', { name: 'Care team' })).toBeVisible()
  await expect(pat.message('Between the two of us')).toHaveCount(0)
  await expect(pat.page.getByText('You are no longer a member of this chat.')).toBeVisible()

  // Back in, they get all of it.
  dialog = await openInfo(ada)
  await dialog.getByRole('button', { name: 'Add people' }).click()
  const adding = ada.page.getByRole('dialog', { name: 'Add people' })
  await expect(adding.getByRole('button', { name: 'Dr Ben Laurent' })).toHaveCount(0)
  await adding.getByRole('button', { name: 'Pat Morgan' }).click()
  await expect(members(dialog)).toHaveCount(3)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(pat.composer).toBeVisible()
  await expect(pat.message('Between the two of us')).toBeVisible()
  await expect(pat.page.getByRole('heading', { name: 'Ward 3' })).toBeVisible()
  await pat.send('I am back')
  await ada.expectStatus('Between the two of us', 'Read')
  await expect(ada.message('I am back')).toBeVisible()
})

test('what was written offline by one who was removed meanwhile is not sent, and not lost', async ({
  ada,
  pat,
}) => {
  await makeGroup(ada, 'Care team', ['Pat Morgan'])
  await pat.openChat('Care team')
  await pat.send('On my way')
  await ada.expectTimeline(['On my way'])
  await pat.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await pat.goOffline()
  await pat.expectOffline()
  await pat.send('I forgot my card')
  await pat.send('Never mind')
  const dialog = await openInfo(ada)
  await dialog.getByRole('button', { name: 'Remove Pat Morgan' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(members(dialog)).toHaveCount(1)
  await pat.goOnline()

  // Below a message stands why, and what can be done.
  const refused = (text: string) => pat.message(text)
  for (const text of ['I forgot my card', 'Never mind']) {
    await expect(refused(text)).toContainText('Not sent. You were no longer a member.')
    await expect(refused(text).getByText('Waiting to send')).toHaveCount(0)
    await expect(refused(text).getByRole('button', { name: 'Retry' })).toHaveCount(0)
  }
  const why = refused('I forgot my card').getByText('Not sent.')
  const [red, ink] = await Promise.all(
    [why, refused('On my way').locator('p').last()].map((words) =>
      words.evaluate((element) => getComputedStyle(element).color),
    ),
  )
  expect(red).not.toBe(ink)
  await refused('I forgot my card').getByRole('button', { name: 'Copy' }).click()
  await expect(pat.page.getByText('Copied')).toBeVisible()
  expect(await pat.page.evaluate(() => navigator.clipboard.readText())).toBe('I forgot my card')
  await refused('Never mind').getByRole('button', { name: 'Delete' }).click()
  const question = pat.page.getByRole('dialog', { name: 'Delete this message?' })
  await question.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(refused('Never mind')).toHaveCount(0)
  await pat.page.reload()
  await expect(refused('I forgot my card')).toContainText('Not sent.')
  await expect(refused('Never mind')).toHaveCount(0)

  // Back in, it can be sent after all.
  await dialog.getByRole('button', { name: 'Add people' }).click()
  await ada.page
    .getByRole('dialog', { name: 'Add people' })
    .getByRole('button', { name: 'Pat Morgan' })
    .click()
  await expect(members(dialog)).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await refused('I forgot my card').getByRole('button', { name: 'Retry' }).click()
  await pat.expectStatus('I forgot my card', 'Read')
  await expect(pat.timeline.getByText('Not sent.')).toHaveCount(0)
  await ada.expectTimeline(['On my way', 'I forgot my card'])
})

test('a patient sees who is in the group, cannot change it, and can leave', async ({
  ada,
  pat,
}) => {
  await makeGroup(ada, 'Care team', ['Pat Morgan'])
  await pat.openChat('Care team')
  const dialog = await openInfo(pat)
  await expect(members(dialog)).toHaveCount(2)
  await expect(dialog.getByText('Doctor · General practice · Online')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Rename' })).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Add people' })).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Remove Dr Ada Osei' })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Leave group' }).click()
  await dialog.getByRole('button', { name: 'Leave', exact: true }).click()
  await expect(dialog.getByText('You are no longer a member.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(pat.page.getByText('You are no longer a member of this chat.')).toBeVisible()
  await expect(ada.timeline.getByText('Pat Morgan left the chat')).toBeVisible()
})

test('offline, people can be chosen from the last list, and the words say what is missing', async ({
  ada,
}) => {
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  const picker = ada.page.getByRole('dialog', { name: 'Choose a patient' })
  await expect(picker.getByRole('button', { name: 'Pat Morgan' })).toBeVisible()
  await picker.getByRole('button', { name: 'Close' }).click()
  await ada.goOffline()
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  await ada.page.getByRole('dialog').getByRole('button', { name: 'New group' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'New group' })
  const people = dialog.getByRole('list', { name: 'people' })
  await expect(people.getByText('Cardiology')).toBeVisible()
  await expect(dialog.getByText('Offline. You can choose now')).toBeVisible()
  await dialog.getByRole('searchbox').fill('cardio laur')
  await people.getByRole('button', { name: 'Dr Ben Laurent' }).click()
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(dialog.getByText('Give the group a name.')).toBeVisible()
  await dialog.getByLabel('Name of the group').fill('Later')
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(dialog.getByText('This needs a connection.')).toBeVisible()
  await ada.goOnline()
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(ada.page.getByRole('heading', { name: 'Later' })).toBeVisible()
})
