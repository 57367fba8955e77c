/** What was begun in a composer is there again: after another chat, a restart, a killed browser. */
import { expect, test } from './support/clinic.ts'
import { bubble, choose } from './support/message-menu.ts'
import type { Person } from './support/person.ts'

const cancelEdit = (person: Person) => person.page.getByRole('button', { name: 'Cancel editing' })
const cancelReply = (person: Person) => person.page.getByRole('button', { name: 'Cancel reply' })

/** Every test begins with the pair in a chat of their own, and another doctor's beside it. */
const begin = async (pat: Person, ada: Person): Promise<void> => {
  await pat.startChat('Dr Ben Laurent')
  await pat.leaveChat()
  await pat.startChat('Dr Ada Osei')
  await pat.send('I take teh small ones')
  await ada.openChat('Pat Morgan')
  await ada.send('How many a day?')
  await pat.expectTimeline(['I take teh small ones', 'How many a day?'])
}

test('an unfinished answer comes back with what it answers, and goes once it is sent', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada)
  await choose(pat, 'How many a day?', 'Reply')
  await pat.composer.fill('Two in the')
  await pat.leaveChat()
  await expect(pat.row('Dr Ada Osei')).toContainText('Draft:Two in the')

  await pat.openChat('Dr Ben Laurent')
  await expect(pat.composer).toHaveValue('')
  await expect(cancelReply(pat)).toHaveCount(0)
  await pat.leaveChat()
  await pat.openChat('Dr Ada Osei')
  await expect(pat.composer).toHaveValue('Two in the')
  await expect(cancelReply(pat)).toBeVisible()
  await pat.page.reload()
  await expect(pat.composer).toHaveValue('Two in the')
  await expect(pat.page.getByText('Reply to Dr Ada Osei')).toBeVisible()

  await pat.send('Two in the morning')
  await expect(cancelReply(pat)).toHaveCount(0)
  await expect(
    bubble(pat, 'Two in the morning').getByRole('button', { name: 'In reply to' }),
  ).toContainText('How many a day?')
  await pat.page.reload()
  await expect(bubble(pat, 'Two in the morning')).toBeVisible()
  await expect(pat.composer).toHaveValue('')
  await expect(cancelReply(pat)).toHaveCount(0)
})

test('an unfinished edit comes back above the draft, and either is cancelled for good', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada)
  await pat.composer.fill('By the way')
  await choose(pat, 'I take teh small ones', 'Edit')
  await pat.composer.fill('I take the sm')
  await pat.leaveChat()
  await expect(pat.row('Dr Ada Osei')).toContainText('Draft:I take the sm')
  await pat.page.reload()
  await pat.openChat('Dr Ada Osei')
  await expect(pat.composer).toHaveValue('I take the sm')
  await expect(cancelEdit(pat)).toBeVisible()

  await pat.composer.fill('I take the small ones')
  await pat.page.getByRole('button', { name: 'Save changes' }).click()
  await expect(bubble(pat, 'I take the small ones')).toContainText('Edited')
  await expect(pat.composer).toHaveValue('By the way')
  await choose(pat, 'I take the small ones', 'Edit')
  await pat.composer.fill('Never mind')
  await pat.draftSaved('Never mind')
  await cancelEdit(pat).click()
  await expect(pat.composer).toHaveValue('By the way')
  await pat.leaveChat()
  await expect(pat.row('Dr Ada Osei')).toContainText('Draft:By the way')
  await pat.page.reload()
  await pat.openChat('Dr Ada Osei')
  await expect(pat.composer).toHaveValue('By the way')
  await expect(cancelEdit(pat)).toHaveCount(0)
  await expect(bubble(pat, 'I take the small ones')).toBeVisible()
})

test('an answer to a message of a chat is not there once that is deleted', async ({ pat, ada }) => {
  await begin(pat, ada)
  await choose(pat, 'I take teh small ones', 'Reply')
  await expect(cancelReply(pat)).toBeVisible()
  await choose(pat, 'I take teh small ones', 'Delete for everyone')
  await pat.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(cancelReply(pat)).toHaveCount(0)
})

test('a browser killed as an edit is saved has the edit or its draft, and not both', async ({
  ownBrowser: browser,
}) => {
  let pat = await browser.open()
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('The pain is wrose')
  const { hash } = new URL(pat.page.url())

  await choose(pat, 'The pain is wrose', 'Edit')
  await pat.composer.fill('The pain is worse')
  await pat.draftSaved('The pain is worse')
  browser.kill()
  await browser.gone()
  pat = await browser.open(`/${hash}`)
  await expect(pat.composer).toHaveValue('The pain is worse')
  await expect(cancelEdit(pat)).toBeVisible()
  await expect(bubble(pat, 'The pain is wrose')).toBeVisible()

  const cleared = pat.composerCleared()
  await pat.composer.press('Enter')
  await cleared
  browser.kill()
  await browser.gone()
  pat = await browser.open(`/${hash}`)
  await expect(bubble(pat, 'The pain is worse')).toContainText('Edited')
  await expect(pat.composer).toHaveValue('')
  await expect(cancelEdit(pat)).toHaveCount(0)
})

test('a draft that was corrected and sent at once does not come back in a killed browser', async ({
  ownBrowser: browser,
}) => {
  let pat = await browser.open()
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  const { hash } = new URL(pat.page.url())
  await pat.composer.fill('Good mornign')
  await pat.draftSaved('Good mornign')
  await pat.composer.fill('Good morning')
  const cleared = pat.composerCleared()
  await pat.composer.press('Enter')
  await cleared
  browser.kill()
  await browser.gone()
  pat = await browser.open(`/${hash}`)
  await pat.expectTimeline(['Good morning'])
  await expect(pat.composer).toHaveValue('')
})
