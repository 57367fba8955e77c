/** What is done with a message: by mouse, keys and fingers, online and offline. */
import { monthOf } from '@wardline/core/base/ids'
import { desktop, expect, phone, test } from './support/clinic.ts'
import {
  bubble,
  choose,
  longPress,
  menuOf,
  react,
  reaction,
  swipe,
} from './support/message-menu.ts'
import type { Person } from './support/person.ts'
import { makeChat, seedMonths } from './support/seed.ts'

/** Pat wrote, and Ada has it on her screen. */
const begin = async (pat: Person, ada: Person, text: string): Promise<void> => {
  await pat.startChat('Dr Ada Osei')
  await pat.send(text)
  await ada.openChat('Pat Morgan')
  await pat.expectStatus(text, 'Read')
}

const saveChanges = (person: Person) => person.page.getByRole('button', { name: 'Save changes' })

test('a swipe or the menu answers; the quote stands in the bubble and leads back', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'Is the dose right?')
  await ada.send('Which one do you take?')
  await expect(bubble(pat, 'Which one do you take?')).toBeVisible()

  await swipe(pat, bubble(pat, 'Which one do you take?'))
  await expect(pat.page.getByRole('button', { name: 'Cancel reply' })).toBeVisible()
  await pat.send('The small white ones')
  await expect(pat.page.getByRole('button', { name: 'Cancel reply' })).toHaveCount(0)
  for (const person of [pat, ada])
    await expect(
      bubble(person, 'The small white ones').getByRole('button', { name: 'In reply to' }),
    ).toContainText('Which one do you take?')

  await choose(ada, 'Is the dose right?', 'Reply')
  await expect(ada.composer).toBeFocused()
  await ada.page.keyboard.press('Escape')
  await expect(ada.page.getByRole('button', { name: 'Cancel reply' })).toHaveCount(0)
  await expect(ada.composer).toBeVisible()
  await choose(ada, 'Is the dose right?', 'Reply')
  await choose(ada, 'Is the dose right?', 'Info')
  await ada.page.keyboard.press('Escape')
  await expect(ada.page.getByRole('dialog')).toHaveCount(0)
  await expect(ada.page.getByRole('button', { name: 'Cancel reply' })).toBeVisible()
  await ada.send('Yes, it is right')

  const quote = bubble(pat, 'Yes, it is right').getByRole('button', { name: 'In reply to' })
  await expect(quote).toContainText('You')
  await quote.click()
  await expect(bubble(pat, 'Is the dose right?').first()).toHaveAttribute('data-marked', '')
})

test('an edit keeps the draft, shows at both, and its history can be read', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'It hurts in the mornign')
  await ada.composer.fill('A draft of Ada')
  await pat.composer.fill('A draft of Pat')
  await choose(pat, 'It hurts in the mornign', 'Edit')
  await expect(pat.composer).toHaveValue('It hurts in the mornign')
  await pat.page.getByRole('button', { name: 'Cancel editing' }).click()
  await expect(pat.composer).toHaveValue('A draft of Pat')

  await choose(pat, 'It hurts in the mornign', 'Edit')
  await pat.composer.fill('It hurts in the morning')
  await saveChanges(pat).click()
  await expect(pat.composer).toHaveValue('A draft of Pat')
  for (const person of [pat, ada]) {
    await expect(bubble(person, 'It hurts in the morning')).toContainText('Edited')
    await expect(person.timeline.getByRole('article')).toHaveCount(1)
  }
  await expect(ada.composer).toHaveValue('A draft of Ada')

  await bubble(ada, 'It hurts in the morning').getByRole('button', { name: 'Edited' }).click()
  const history = ada.page.getByRole('dialog', { name: 'Edited message' })
  await expect(history.getByRole('listitem')).toContainText([
    'OriginalIt hurts in the mornign',
    'NowIt hurts in the morning',
  ])
  await ada.page.keyboard.press('Escape')
  await expect(history).toBeHidden()
  await expect(ada.composer).toBeVisible()
})

test('ArrowUp in an empty composer edits the last own message, and Esc leaves it as it is', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'Hello doctor')
  await ada.send('Hello Pat')
  await ada.composer.press('ArrowUp')
  await expect(ada.composer).toHaveValue('Hello Pat')
  await ada.page.keyboard.type(', good morning')
  await ada.page.keyboard.press('Escape')
  await expect(ada.composer).toHaveValue('')
  await expect(bubble(ada, 'Hello Pat')).not.toContainText('good morning')
  await ada.composer.press('ArrowUp')
  await ada.page.keyboard.type(', good morning')
  await ada.page.keyboard.press('Enter')
  await expect(bubble(pat, 'Hello Pat, good morning')).toBeVisible()
  await expect(ada.composer).toHaveValue('')
})

test('reactions are counted, name their people, and go with a second press', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'The fever is gone')
  await react(ada, 'The fever is gone', '👍')
  await expect(reaction(pat, 'The fever is gone', '👍')).toHaveAttribute('title', 'Dr Ada Osei')
  await reaction(pat, 'The fever is gone', '👍').click()
  await expect(reaction(ada, 'The fever is gone', '👍')).toContainText('2')
  await expect(reaction(ada, 'The fever is gone', '👍')).toHaveAttribute('title', /Pat Morgan/)
  await reaction(ada, 'The fever is gone', '👍').click()
  await expect(reaction(pat, 'The fever is gone', '👍')).toHaveAttribute('title', 'Pat Morgan')

  await choose(ada, 'The fever is gone', 'More reactions')
  const dialog = ada.page.getByRole('dialog', { name: 'React' })
  await dialog.getByRole('searchbox', { name: 'Search emoji' }).fill('party')
  await dialog.getByRole('gridcell', { name: 'party popper' }).click()
  await expect(reaction(pat, 'The fever is gone', '🎉')).toBeVisible()
  await react(pat, 'The fever is gone', '👍')
  await expect(reaction(ada, 'The fever is gone', '👍')).toHaveCount(0)
})

test('a message that is deleted for everyone leaves a stub, after a question', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'This was for my brother')
  await choose(pat, 'This was for my brother', 'Delete for everyone')
  const question = pat.page.getByRole('dialog', { name: 'Delete for everyone?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(bubble(pat, 'This was for my brother')).toBeVisible()
  await choose(pat, 'This was for my brother', 'Delete for everyone')
  await question.getByRole('button', { name: 'Delete', exact: true }).click()
  for (const person of [pat, ada]) {
    await person.expectTimeline(['This message was deleted'])
    await expect(person.timeline).not.toContainText('brother')
    await expect(bubble(person, 'This message was deleted').getByRole('button')).toHaveCount(0)
  }
  await expect(ada.row('Pat Morgan')).toContainText('Message deleted')
  await ada.page.reload()
  await ada.expectTimeline(['This message was deleted'])
})

test('edits, deletions and reactions made offline on both sides meet later', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'First')
  await pat.send('Second')
  await ada.send('From Ada')
  await ada.expectStatus('From Ada', 'Read')
  await pat.goOffline()
  await pat.expectOffline()
  await ada.goOffline()
  await ada.expectOffline()

  await choose(pat, 'First', 'Edit')
  await pat.composer.fill('First, corrected')
  await saveChanges(pat).click()
  await choose(pat, 'Second', 'Delete for everyone')
  await pat.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await react(pat, 'From Ada', '🙏')
  await react(ada, 'Second', '👍')
  await react(ada, 'First', '👍')
  await choose(ada, 'First', 'Reply')
  await ada.send('An answer to the first')
  await expect(bubble(pat, 'First, corrected')).toContainText('Edited')
  await expect(reaction(pat, 'From Ada', '🙏')).toBeVisible()

  await pat.goOnline()
  await ada.goOnline()
  await ada.expectStatus('An answer to the first', 'Read')
  for (const again of [false, true])
    for (const person of [pat, ada]) {
      if (again) await person.page.reload()
      await person.expectTimeline([
        'First, corrected',
        'This message was deleted',
        'From Ada',
        'An answer to the first',
      ])
      await expect(reaction(person, 'First, corrected', '👍')).toBeVisible()
      await expect(reaction(person, 'From Ada', '🙏')).toBeVisible()
      await expect(bubble(person, 'This message was deleted').getByRole('button')).toHaveCount(0)
      await expect(
        bubble(person, 'An answer to the first').getByRole('button', { name: 'In reply to' }),
      ).toContainText('First, corrected')
    }
})

test('an answer that crossed a question says so, and leads to it', async ({ pat, ada }) => {
  await begin(pat, ada, 'I took the tablet')
  await pat.goOffline()
  await pat.expectOffline()
  await ada.send('Have you eaten before?')
  await ada.expectStatus('Have you eaten before?', 'Stored')
  await pat.send('I feel well')
  await pat.goOnline()
  await pat.expectStatus('I feel well', 'Read')
  const crossing = bubble(ada, 'I feel well').getByRole('button', {
    name: /^Written before reading your .+ message$/,
  })
  await crossing.click()
  await expect(bubble(ada, 'Have you eaten before?')).toHaveAttribute('data-marked', '')
})

test('what arrives later than it says it was written says so to everybody, author or not', async ({
  server,
  device,
}) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const now = new Date()
  const month = monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
  await seedMonths(server.url, chat, [{ month, texts: ['Written later'], hour: 60 }])
  const ada = await device(desktop)
  await ada.signIn('ada@demo.clinic')
  await ada.openChat('Pat Morgan')
  await ada.expectTimeline(['Written later'])
  // Another device of the patient, which was in a dead spot, comes back.
  await seedMonths(server.url, chat, [{ month, texts: ['Written in a dead spot'], hour: 30 }])
  const pat = await device(phone)
  await pat.signIn('pat@demo.clinic')
  await pat.openChat('Dr Ada Osei')
  for (const again of [false, true]) {
    if (again) await ada.page.reload()
    for (const person of [ada, pat])
      await person.expectTimeline(['Written in a dead spot', 'Written later'])
    for (const person of [ada, pat])
      for (const text of ['Written in a dead spot', 'Written later'])
        await expect(bubble(person, text).getByText(/^Arrived \S/)).toBeVisible()
  }
})

test('message info tells when it was delivered and read', async ({ pat, ada }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Please call me')
  await pat.expectStatus('Please call me', 'Delivered')
  await choose(pat, 'Please call me', 'Info')
  const info = pat.page.getByRole('dialog', { name: 'Message info' })
  await expect(info).toContainText('Dr Ada Osei')
  await expect(info.getByText('Not yet')).toHaveCount(1)
  await ada.openChat('Pat Morgan')
  await expect(info.getByText('Not yet')).toHaveCount(0)
  await expect(info.getByRole('time')).toHaveCount(2)
})

test('a press on the ticks of an own message opens its info', async ({ pat, ada }) => {
  await begin(pat, ada, 'Is it safe?')
  await ada.send('Yes, it is')
  await expect(bubble(pat, 'Yes, it is')).toBeVisible()
  await expect(bubble(pat, 'Yes, it is').getByTitle('Message info')).toHaveCount(0)
  const info = (person: Person) => person.page.getByRole('dialog', { name: 'Message info' })
  const ticks = bubble(pat, 'Is it safe?').getByTitle('Message info')
  await expect(ticks).toHaveAccessibleName('Read')
  const box = (await ticks.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  // A finger that misses by a little still meets them.
  for (const [dx, dy] of [
    [0, 0],
    [-11, 0],
    [11, 0],
    [0, -11],
    [0, 11],
  ] as const) {
    await pat.page.touchscreen.tap(x + dx, y + dy)
    await expect(info(pat)).toContainText('Dr Ada Osei')
    await pat.page.keyboard.press('Escape')
    await expect(info(pat)).toBeHidden()
  }
  await bubble(ada, 'Yes, it is').getByTitle('Message info').click()
  await expect(info(ada)).toContainText('Pat Morgan')
  await ada.page.keyboard.press('Escape')
  await expect(bubble(ada, 'Yes, it is').getByTitle('Message info')).toBeFocused()
})

test('the keyboard reaches every message and its menu, and comes back to it', async ({
  pat,
  ada,
}) => {
  await begin(pat, ada, 'One')
  await pat.send('Two')
  await expect(bubble(ada, 'Two')).toBeVisible()
  await expect(async () => {
    await ada.page.keyboard.press('Shift+Tab')
    await expect(bubble(ada, 'Two')).toBeFocused({ timeout: 200 })
  }).toPass()
  await ada.page.keyboard.press('ArrowUp')
  await expect(bubble(ada, 'One')).toBeFocused()
  await ada.page.keyboard.press('Enter')
  await expect(menuOf(ada).getByRole('menuitemradio', { name: '👍' })).toBeFocused()
  await ada.page.keyboard.press('ArrowDown')
  await expect(menuOf(ada).getByRole('menuitem', { name: 'Reply' })).toBeFocused()
  await ada.page.keyboard.press('Escape')
  await expect(menuOf(ada)).toHaveCount(0)
  await expect(bubble(ada, 'One')).toBeFocused()
  await ada.page.keyboard.press('Enter')
  await ada.page.keyboard.press('ArrowDown')
  await ada.page.keyboard.press('Enter')
  await expect(ada.page.getByRole('button', { name: 'Cancel reply' })).toBeVisible()
  await expect(ada.composer).toBeFocused()

  await longPress(pat, bubble(pat, 'One').locator('p').last())
  await pat.page.mouse.click(10, 300)
  await expect(menuOf(pat)).toHaveCount(0)
})

test('a finger that is lifted as the menu opens under it chooses nothing', async ({ pat, ada }) => {
  await begin(pat, ada, 'One')
  await pat.page.evaluate(() => {
    const click = new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 })
    new MutationObserver((_, observer) => {
      const item = document.querySelector('[role="menuitem"]')
      if (item === null) return
      observer.disconnect()
      item.dispatchEvent(click)
    }).observe(document.body, { childList: true, subtree: true })
  })
  await longPress(pat, bubble(pat, 'One').locator('p').last())
  await menuOf(pat).getByRole('menuitem', { name: 'Reply' }).tap()
  await expect(menuOf(pat)).toHaveCount(0)
  await expect(pat.page.getByRole('button', { name: 'Cancel reply' })).toBeVisible()
})

test('the button beside a message copies its text', async ({ pat, ada }) => {
  await begin(pat, ada, 'Room 12 at nine')
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await bubble(ada, 'Room 12 at nine').hover()
  await bubble(ada, 'Room 12 at nine').getByRole('button', { name: 'Message actions' }).click()
  await menuOf(ada).getByRole('menuitem', { name: 'Copy' }).click()
  await expect(ada.page.getByText('Copied')).toBeVisible()
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('Room 12 at nine')
})

test('a quote of an old message loads the months up to it', async ({ server, device }) => {
  const chat = await makeChat(server.url, 'pat@demo.clinic', 'dr-ada')
  const now = new Date()
  const months = [3, 2, 1].map((back) => {
    const month = monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))
    return { month, texts: Array.from({ length: 45 }, (_, n) => `line ${n} of ${month}`) }
  })
  await seedMonths(server.url, chat, months)
  const pat = await device(desktop)
  await pat.signIn('pat@demo.clinic')
  await pat.openChat('Dr Ada Osei')
  const old = `line 3 of ${months[0]?.month}`
  await expect(async () => {
    await pat.timeline.evaluate((log) => log.scrollTo(0, 0))
    await expect(bubble(pat, old)).toBeVisible({ timeout: 500 })
  }).toPass()
  await choose(pat, old, 'Reply')
  await pat.send('About this one')
  await pat.page.reload()
  const quote = bubble(pat, 'About this one').getByRole('button', { name: 'In reply to' })
  await expect(quote).toContainText('Earlier message')
  await quote.click()
  await expect(bubble(pat, old).first()).toHaveAttribute('data-marked', '')
  await expect(bubble(pat, old).first()).toBeInViewport()
})
