/** What the composer lets go of is saved, and a session kept, whatever happens in the next moment. */
import { expect, test } from './support/clinic.ts'

test('[PROMISE-1] a browser killed the moment the composer clears has kept every message', async ({
  server,
  ownBrowser: browser,
  ada,
}) => {
  let pat = await browser.open()
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.shellKept()
  const { hash } = new URL(pat.page.url())
  await server.stop()

  const sent: string[] = []
  for (const round of [['One'], ['Two'], ['Three', 'Four', 'Five']]) {
    for (const [i, text] of round.entries()) {
      await pat.composer.fill(text)
      // Long enough for the draft to be saved too: it must not come back beside the message.
      await pat.draftSaved(text)
      const cleared = pat.composerCleared()
      await pat.composer.press('Enter')
      await cleared
      if (i === round.length - 1) browser.kill()
      sent.push(text)
    }
    await browser.gone()
    pat = await browser.open(`/${hash}`)
    await pat.expectTimeline(sent)
    for (const text of sent) await pat.expectStatus(text, 'Waiting to send')
    await expect(pat.composer).toHaveValue('')
  }

  // A browser saves cookies in its own time; this one may have lost the session with the rest.
  await pat.page.context().clearCookies()
  await server.start()
  await pat.comeBack()
  await ada.comeBack()
  await pat.banner.getByRole('button', { name: 'Sign in' }).click()
  await pat.fillSignIn('pat@demo.clinic')
  await pat.expectStatus('Five', 'Delivered')
  await ada.openChat('Pat Morgan')
  await ada.expectTimeline(sent)
  for (const text of sent) await pat.expectStatus(text, 'Read')
  await pat.expectTimeline(sent)
})

/** More with KILLS=40, for whoever wants to see it happen often. */
const KILLS = Number(process.env.KILLS ?? 6)

test('a browser killed within two seconds of its start has kept its session', async ({
  ownBrowser: browser,
}) => {
  test.setTimeout(60_000 + KILLS * 15_000)
  let pat = await browser.open()
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.shellKept()
  const { hash } = new URL(pat.page.url())
  await browser.quit(pat)

  for (let kill = 0; kill < KILLS; kill++) {
    pat = await browser.open('/')
    // It has renewed, uses what it got, and the new cookie is not on the disk yet.
    await pat.page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes('/auth/refresh')),
    )
    if (kill % 3 === 1) await (await pat.page.context().newPage()).goto(pat.page.url())
    if (kill % 3 === 2) await pat.page.reload()
    browser.kill()
    await browser.gone()
    await browser.open('/').then(async (still) => {
      await expect(still.page.getByRole('button', { name: 'New chat' })).toBeVisible()
      await expect(still.banner).not.toContainText('Sign in')
    })
    browser.kill()
    await browser.gone()
  }

  pat = await browser.open(`/${hash}`)
  await pat.send('Still here')
  await pat.expectStatus('Still here', 'Stored')
})
