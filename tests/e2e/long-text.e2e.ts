/** What is too long for a message is told before it is sent, and goes as the person decides. */
import { callerFor } from '../support/http-caller.ts'
import { desktop, expect, test } from './support/clinic.ts'
import { bubble, choose } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

const LETTERS = 'x'.repeat(70_000)
const CHINESE = '中'.repeat(25_000)

const dialog = (person: Person) =>
  person.page.getByRole('dialog', { name: 'Too long for one message' })

/** Of the chat of Pat and Ada, as the server has them, oldest first. */
const textsOf = async ({ url }: { url: string }): Promise<string[]> => {
  const ada = await callerFor(url, 'ada@demo.clinic')
  const { body } = await ada('GET', '/api/chat/chats/dm.pat-morgan.dr-ada/messages')
  return (body.messages as { text: string }[]).map(({ text }) => text).reverse()
}

for (const [name, text] of [
  ['letters', LETTERS],
  ['Chinese', CHINESE],
] as const)
  test(`a long text stays until it is decided, and goes as several messages: ${name}`, async ({
    server,
    pat,
    ada,
  }) => {
    await pat.startChat('Dr Ada Osei')
    await pat.composer.fill('x'.repeat(60_000))
    await expect(pat.page.getByText(/^Room for about 5,52\d characters more$/)).toBeVisible()
    await pat.composer.fill(text)
    await expect(pat.page.getByText(/too many for one message/)).toBeVisible()
    await pat.sendButton.click()
    await dialog(pat).getByRole('button', { name: 'Keep writing' }).click()
    await expect(pat.composer).toHaveValue(text)
    await pat.draftSaved(text.slice(0, 100))
    await pat.page.reload()
    await expect(pat.composer).toHaveValue(text)
    await pat.sendButton.click()
    await dialog(pat).getByRole('button', { name: 'Send as 2 messages' }).click()
    await expect(pat.composer).toHaveValue('')
    await ada.openChat('Pat Morgan')
    // Of so long ones not both are drawn.
    await expect(ada.timeline.getByRole('article').first()).toContainText(
      (text[0] ?? '').repeat(50),
    )
    await expect.poll(async () => (await textsOf(server)).join('')).toBe(text)
    expect(await textsOf(server)).toHaveLength(2)
    await pat.page.reload()
    await expect(pat.timeline.getByRole('article').first()).toBeVisible()
    await expect(pat.composer).toHaveValue('')
  })

test('a long text goes as a file, with all of its words', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  const text = `  8:00  one\n${`12:00  ½ ${'x'.repeat(1_000)}\n`.repeat(90)}`
  await pat.composer.fill(text)
  await pat.sendButton.click()
  await dialog(pat).getByRole('button', { name: 'Send as a text file' }).click()
  await expect(pat.composer).toHaveValue('')
  await ada.openChat('Pat Morgan')
  const message = ada.timeline.getByRole('article')
  const download = ada.page.waitForEvent('download')
  await message.getByRole('button', { name: /^Save/ }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toMatch(/^Message \d{4}-\d\d-\d\d\.txt$/)
  const chunks: Buffer[] = []
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString('utf8')).toBe(text)
})

test('an edit that is too long stays in the composer, with the reason', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('short')
  await choose(pat, 'short', 'Edit')
  await pat.composer.fill(LETTERS)
  await pat.page.getByRole('button', { name: 'Save changes' }).click()
  await expect(pat.page.getByRole('alert')).toContainText('too long for one message')
  await expect(pat.composer).toHaveValue(LETTERS)
  await pat.page.reload()
  await expect(pat.composer).toHaveValue(LETTERS)
  await pat.composer.fill('longer')
  await pat.page.getByRole('button', { name: 'Save changes' }).click()
  await expect(bubble(pat, 'longer')).toContainText('Edited')
})

test('a caption keeps its lines, stays when it is too long, and is not lost with its files', async ({
  pat,
}) => {
  await pat.startChat('Dr Ada Osei')
  const pick = () =>
    pat.page.getByLabel('Files', { exact: true }).setInputFiles({
      name: 'values.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('120/80'),
    })
  const files = pat.page.getByRole('dialog', { name: 'Send a file' })
  const caption = files.getByLabel('Caption')
  const send = files.getByRole('button', { name: 'Send', exact: true })
  await pick()
  await caption.fill(LETTERS)
  await send.click()
  await expect(files.getByRole('alert')).toContainText('too long for one message')
  await expect(caption).toHaveValue(LETTERS)
  await caption.fill('  morning: 120/80\n  evening: 130/85')
  await files.getByRole('button', { name: 'Close' }).click()
  await expect(pat.composer).toHaveValue('  morning: 120/80\n  evening: 130/85')
  await pat.composer.fill('')

  await pick()
  await caption.fill('  morning\n  evening')
  await pat.draftSaved('evening')
  await pat.page.reload()
  await expect(pat.composer).toHaveValue('  morning\n  evening')
  await pat.composer.fill('')

  await pick()
  await caption.fill('  morning\n  evening')
  await send.click()
  await expect(files).toBeHidden()
  await expect(pat.composer).toHaveValue('')
  const words = pat.message('morning').locator('p').last()
  await expect(words).toHaveCSS('white-space-collapse', 'preserve')
  expect(await words.textContent()).toContain('  morning\n  evening')
})

test('leading spaces stay, in the bubble, the copy and the edit', async ({ pat, ada }) => {
  const table = '   8:00   1 tablet\n  12:00   ½ tablet'
  await pat.startChat('Dr Ada Osei')
  await pat.send(table)
  await ada.openChat('Pat Morgan')
  const shown = ada.message('1 tablet').locator('p').last()
  await expect(shown).toHaveCSS('white-space-collapse', 'preserve')
  expect(await shown.textContent()).toContain(table)
  await choose(pat, '1 tablet', 'Edit')
  await expect(pat.composer).toHaveValue(table)
})

test('what shows nothing is not sent', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  for (const blank of ['   ', '\u200b', '\u3164', '\u2800', '\ufe0f', '\u202e']) {
    await pat.composer.fill(blank)
    await expect(pat.sendButton).toBeHidden()
    await pat.composer.press('Control+Enter')
  }
  await pat.send('something')
  await pat.expectTimeline(['something'])
})

test('who was taken out of a group still has what they had written', async ({ ada, device }) => {
  const ben = await device(desktop)
  await ben.signIn('ben@demo.clinic')
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  await ada.page.getByRole('button', { name: 'New group' }).click()
  const form = ada.page.getByRole('dialog', { name: 'New group' })
  await form.getByLabel('Name of the group').fill('Care team')
  await form.getByRole('button', { name: 'Dr Ben Laurent' }).click()
  await form.getByRole('button', { name: 'Create group' }).click()
  await expect(ada.composer).toBeVisible()
  await ben.openChat('Care team')
  await ben.composer.fill('The dose should be halved')
  await ada.page.getByRole('button', { name: 'Group info' }).click()
  const info = ada.page.getByRole('dialog', { name: 'Group' })
  await info.getByRole('button', { name: 'Remove Dr Ben Laurent' }).click()
  await info.getByRole('button', { name: 'Remove', exact: true }).click()
  const left = ben.page.getByRole('note')
  await expect(left).toContainText('no longer a member')
  await expect(left).toContainText('The dose should be halved')
  await expect(left.getByRole('button', { name: 'Copy the text' })).toBeVisible()
})
