/** No network, on either side or on both: everything goes on, and nothing is lost or doubled. */
import { expect, processTest, test } from './support/clinic.ts'

test('[PROMISE-5] offline, the patient’s app starts cold, shows its history, and keeps what is written', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Before the tunnel')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('Before the tunnel', 'Read')
  await pat.shellKept()

  await pat.goOffline()
  await pat.expectOffline()
  await pat.send('In the tunnel')
  await pat.expectStatus('In the tunnel', 'Waiting to send')
  await ada.send('Are you there?')
  await ada.expectStatus('Are you there?', 'Stored')

  await pat.page.reload()
  await pat.expectTimeline(['Before the tunnel', 'In the tunnel'])
  await pat.expectStatus('Before the tunnel', 'Read')
  await pat.expectStatus('In the tunnel', 'Waiting to send')
  await pat.expectOffline()
  const tab = await pat.newTab()
  await tab.openChat('Dr Ada Osei')
  await tab.expectTimeline(['Before the tunnel', 'In the tunnel'])
  await tab.expectOffline()
  await tab.send('Still in the tunnel')
  await tab.page.close()
  await expect(pat.message('Still in the tunnel')).toBeVisible()

  await pat.goOnline()
  await pat.expectStatus('Still in the tunnel', 'Read')
  await ada.expectStatus('Are you there?', 'Read')
  for (const person of [pat, ada]) {
    const texts = ['Before the tunnel', 'In the tunnel', 'Are you there?', 'Still in the tunnel']
    await person.expectTimeline(texts)
    await person.page.reload()
    await person.expectTimeline(texts)
  }
  await pat.expectLive()
})

test('offline, the doctor reads on and writes, and the patient gets it after', async ({
  pat,
  ada,
}) => {
  await ada.startChat('Pat Morgan')
  await ada.send('On my round')
  await pat.openChat('Dr Ada Osei')
  await ada.expectStatus('On my round', 'Read')
  await ada.shellKept()

  await ada.goOffline()
  await pat.send('See you later')
  await pat.expectStatus('See you later', 'Stored')
  await ada.page.reload()
  await ada.expectTimeline(['On my round'])
  await ada.expectOffline()
  await ada.send('No signal on this ward')
  await ada.expectStatus('No signal on this ward', 'Waiting to send')

  await ada.goOnline()
  await ada.expectStatus('No signal on this ward', 'Read')
  await pat.expectStatus('See you later', 'Read')
  for (const person of [pat, ada])
    await person.expectTimeline(['On my round', 'See you later', 'No signal on this ward'])
})

test('both write offline, and when both are back they have the same timeline', async ({
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('Together')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('Together', 'Read')
  await pat.goOffline()
  await ada.goOffline('dead')
  await pat.send('Pat alone, first')
  await ada.send('Ada alone, first')
  await pat.send('Pat alone, second')
  await ada.send('Ada alone, second')
  await pat.expectTimeline(['Together', 'Pat alone, first', 'Pat alone, second'])
  await ada.expectTimeline(['Together', 'Ada alone, first', 'Ada alone, second'])
  await ada.goOnline()
  await ada.expectStatus('Ada alone, second', 'Stored')
  await pat.goOnline()
  const texts = [
    'Together',
    'Pat alone, first',
    'Ada alone, first',
    'Pat alone, second',
    'Ada alone, second',
  ]
  for (const person of [pat, ada]) await person.expectTimeline(texts)
  for (const text of texts.filter((text) => text.startsWith('Ada')))
    await ada.expectStatus(text, 'Read')
  for (const text of texts.filter((text) => text.startsWith('Pat')))
    await pat.expectStatus(text, 'Read')
})

test('with the server down both start cold and write; when it is back all of it arrives', async ({
  server,
  pat,
  ada,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('The server is up')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('The server is up', 'Read')
  await pat.shellKept()
  await ada.shellKept()

  await server.stop()
  for (const person of [pat, ada]) {
    await person.page.reload()
    await person.expectTimeline(['The server is up'])
    await person.expectOffline()
  }
  await pat.send('Pat, server down')
  await ada.send('Ada, server down')
  await pat.expectStatus('Pat, server down', 'Waiting to send')
  await ada.expectStatus('Ada, server down', 'Waiting to send')

  await server.start()
  await pat.comeBack()
  await ada.comeBack()
  for (const person of [pat, ada])
    await person.expectTimeline(['The server is up', 'Pat, server down', 'Ada, server down'])
  await pat.expectStatus('Pat, server down', 'Read')
  await ada.expectStatus('Ada, server down', 'Read')
  await pat.expectLive()
})

processTest(
  'kill -9 of the server between messages loses and doubles nothing',
  async ({ server, pat, ada }) => {
    const texts = ['Message 0']
    await pat.startChat('Dr Ada Osei')
    await pat.send('Message 0')
    await ada.openChat('Pat Morgan')
    for (let round = 1; round <= 4; round++) {
      const [author, reader] = round % 2 === 0 ? [pat, ada] : [ada, pat]
      const [before, during] = [`Just before kill ${round}`, `While down ${round}`]
      await author.send(before)
      await server.kill()
      await reader.send(during)
      await server.start()
      await pat.comeBack()
      await ada.comeBack()
      texts.push(before, during)
      await author.expectStatus(before, 'Read')
      await reader.expectStatus(during, 'Read')
      for (const person of [pat, ada]) await person.expectTimeline(texts)
    }
    for (const person of [pat, ada]) {
      await person.page.reload()
      await person.expectTimeline(texts)
    }
  },
)

test('[PROMISE-5] a chat that both begin offline is one chat', async ({ pat, ada }) => {
  for (const [person, dialog, name] of [
    [pat, 'Choose a doctor', 'Dr Ada Osei'],
    [ada, 'Choose a patient', 'Pat Morgan'],
  ] as const) {
    // The directory was seen once, while there was a network.
    await person.page.getByRole('button', { name: 'New chat' }).click()
    const picker = person.page.getByRole('dialog', { name: dialog })
    await expect(picker.getByRole('button', { name })).toBeVisible()
    await picker.getByRole('button', { name: 'Close' }).click()
    await person.goOffline()
  }
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello from the mountain')
  await ada.startChat('Pat Morgan')
  await ada.send('Hello from the ward')
  await ada.goOnline()
  await ada.expectStatus('Hello from the ward', 'Stored')
  await pat.goOnline()
  for (const person of [pat, ada]) {
    await person.expectTimeline(['Hello from the mountain', 'Hello from the ward'])
  }
  await pat.expectStatus('Hello from the mountain', 'Read')
  await ada.expectStatus('Hello from the ward', 'Read')
  expect(new URL(pat.page.url()).hash).toBe(new URL(ada.page.url()).hash)
  await pat.leaveChat()
  for (const person of [pat, ada]) await expect(person.chats.getByRole('listitem')).toHaveCount(1)
})

test('what one device wrote offline shows as unread, though later messages were read before', async ({
  pat,
  ada,
  device,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('From the phone')
  await ada.openChat('Pat Morgan')
  await pat.expectStatus('From the phone', 'Read')
  const laptop = await device()
  await laptop.signIn('pat@demo.clinic')
  await laptop.openChat('Dr Ada Osei')
  await laptop.expectTimeline(['From the phone'])

  await pat.goOffline()
  await pat.send('On the train, offline')
  await laptop.send('At home, later')
  await laptop.expectStatus('At home, later', 'Read')
  await ada.composer.press('Escape')
  await expect(ada.composer).not.toBeAttached()

  await pat.goOnline()
  await pat.expectStatus('On the train, offline', 'Delivered')
  await expect(ada.row('Pat Morgan')).toContainText('1 unread')
  await laptop.expectTimeline(['From the phone', 'On the train, offline', 'At home, later'])
  await laptop.expectStatus('At home, later', 'Read')
  await laptop.expectStatus('On the train, offline', 'Delivered')
  await ada.openChat('Pat Morgan')
  await expect(ada.timeline.getByText('1 unread', { exact: true })).toBeVisible()
  await ada.expectTimeline(['From the phone', 'On the train, offline', 'At home, later'])
  await pat.expectStatus('On the train, offline', 'Read')
  await laptop.expectStatus('On the train, offline', 'Read')
})

processTest(
  'a server that hangs is noticed, and gets what was written when it goes on',
  async ({ server, pat }) => {
    await pat.startChat('Dr Ada Osei')
    await pat.send('Before')
    await pat.expectStatus('Before', 'Stored')
    process.kill(server.pid, 'SIGSTOP')
    await pat.send('Into the silence')
    // Some seconds for an answer, some for a sign of life, and a pause before a word about it.
    await expect(pat.banner).toHaveText(/Connecting|Offline/, { timeout: 30_000 })
    await pat.expectStatus('Into the silence', 'Waiting to send')
    process.kill(server.pid, 'SIGCONT')
    await pat.expectStatus('Into the silence', 'Stored')
    await pat.expectTimeline(['Before', 'Into the silence'])
    await pat.expectLive()
  },
)
