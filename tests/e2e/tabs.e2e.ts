/** Several tabs of one person: one of them holds the socket, and nobody has to know which. */
import { desktop, expect, test } from './support/clinic.ts'

test('tabs show and send the same, and the next one lives on when the first is closed', async ({
  device,
  pat,
}) => {
  const first = await device(desktop)
  await first.signIn('ada@demo.clinic')
  await first.startChat('Pat Morgan')
  await first.send('From the first tab')
  const second = await first.newTab()
  await second.openChat('Pat Morgan')
  await second.expectTimeline(['From the first tab'])
  await pat.openChat('Dr Ada Osei')
  await second.expectStatus('From the first tab', 'Read')

  await second.composer.pressSequentially('From the')
  await expect(pat.page.getByText('Dr Ada Osei is typing')).toBeAttached()
  await second.send('From the second tab')
  await expect(first.message('From the second tab')).toBeVisible()
  await pat.send('To all tabs')
  const texts = ['From the first tab', 'From the second tab', 'To all tabs']
  for (const person of [first, second, pat]) await person.expectTimeline(texts)
  for (const tab of [first, second]) await tab.expectStatus('From the second tab', 'Read')

  await first.page.close()
  await second.send('Alone now')
  await second.expectStatus('Alone now', 'Read')
  await pat.send('Still there?')
  await second.expectLive()
  await pat.expectStatus('Still there?', 'Read')
  const third = await second.newTab()
  await third.openChat('Pat Morgan')
  for (const person of [second, third, pat])
    await person.expectTimeline([...texts, 'Alone now', 'Still there?'])
})

test('a tab that does not hold the socket says how the connection is, and can end an outage', async ({
  server,
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Written in this tab')
  const second = await pat.newTab()
  await second.openChat('Dr Ada Osei')
  await server.stop()
  await second.expectOffline()
  await second.send('Written in the other tab')
  await expect(pat.message('Written in the other tab')).toBeVisible()
  await server.start()
  const tryNow = second.page.getByRole('button', { name: 'Try now' })
  await expect(async () => {
    // A try of its own may have come first: then there is nothing to press any more.
    if (await tryNow.isVisible()) await tryNow.click({ timeout: 1_000 })
    await second.expectLive({ timeout: 3_000 })
  }).toPass()
  await second.expectStatus('Written in the other tab', 'Delivered')
  await second.expectLive()
  await expect(ada.row('Pat Morgan')).toContainText('2 unread')
})

test('what was not sent stays as the draft of its chat', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.composer.fill('For Ada, unfinished')
  await pat.leaveChat()
  await expect(pat.row('Dr Ada Osei')).toContainText('Draft:For Ada, unfinished')
  await pat.startChat('Dr Ben Laurent')
  await expect(pat.composer).toHaveValue('')
  await pat.composer.fill('For Ben, unfinished')
  await pat.draftSaved('For Ben, unfinished')
  await pat.page.reload()
  await expect(pat.composer).toHaveValue('For Ben, unfinished')
  await pat.leaveChat()
  await pat.openChat('Dr Ada Osei')
  await expect(pat.composer).toHaveValue('For Ada, unfinished')
  await pat.send('For Ada, finished')
  await pat.page.reload()
  await pat.expectTimeline(['For Ada, finished'])
  await expect(pat.composer).toHaveValue('')
})

test('a draft that two tabs show is sent once, and other words in the other tab stay', async ({
  pat,
}) => {
  await pat.startChat('Dr Ada Osei')
  const second = await pat.newTab()
  await pat.composer.fill('The same in both')
  await pat.draftSaved('The same in both')
  await second.startChat('Dr Ada Osei')
  await expect(second.composer).toHaveValue('The same in both')
  await Promise.all([pat, second].map((tab) => tab.composer.press('Control+Enter')))
  for (const tab of [pat, second]) {
    await expect(tab.composer).toHaveValue('')
    await tab.expectTimeline(['The same in both'])
  }

  await pat.composer.fill('Mine')
  await pat.draftSaved('Mine')
  await second.composer.fill('Yours')
  await pat.draftSaved('Yours')
  await second.composer.press('Control+Enter')
  await expect(second.composer).toHaveValue('')
  await expect(pat.composer).toHaveValue('Mine')
  // The other tab wrote over it under the name that both had; this one saves it under another.
  await pat.draftSaved('Mine')
  await pat.page.reload()
  await expect(pat.composer).toHaveValue('Mine')
  await pat.expectTimeline(['The same in both', 'Yours'])
})
