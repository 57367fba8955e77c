/** A shared computer that locks itself. */
import { callerFor } from '../support/http-caller.ts'
import { expect, test } from './support/clinic.ts'

test('a device that was not touched for a while hides everything until its person comes back', async ({
  device,
  server,
  pat,
}) => {
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('The results are here')
  const ada = await device()
  const { page } = ada
  await page.clock.install()
  await page.goto('/')
  await ada.signIn('ada@demo.clinic')
  await ada.openChat('Pat Morgan')
  await admin('PATCH', '/api/admin/settings', { lockMinutes: 5 })
  await ada.comeBack()
  const locked = page.getByRole('heading', { name: 'Locked' })
  const noted = () => page.evaluate(() => Number(localStorage.getItem('wardline-active-at')))
  await expect.poll(noted).toBeGreaterThan(0)
  await page.clock.fastForward('04:00')
  await expect(ada.message('The results are here')).toBeVisible()
  await page.keyboard.press('Shift')
  await page.clock.fastForward('04:00')
  await expect(locked).toBeHidden()
  await page.clock.fastForward('02:00')
  await expect(locked).toBeVisible()
  await expect(ada.message('The results are here')).toBeHidden()
  await expect(page.getByText('The results are here').first()).toBeHidden()

  // Nor does a new start let anybody in.
  await page.reload()
  await expect(locked).toBeVisible()
  await expect(page.getByText('Pat Morgan').first()).toBeHidden()
  await page.getByLabel('Password').fill('not-the-password')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('alert')).toHaveText('This is not the password.')
  await page.getByLabel('Password').fill('wardline-demo')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(locked).toBeHidden()
  await expect(ada.message('The results are here')).toBeVisible()

  // Without a network its person gets in all the same.
  await ada.goOffline()
  await page.keyboard.press('Shift')
  await page.clock.fastForward('05:10')
  await expect(locked).toBeVisible()
  await page.getByLabel('Password').fill('wardline-demo')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(ada.message('The results are here')).toBeVisible({ timeout: 30_000 })
  await ada.goOnline()
  await expect(pat.page.getByRole('heading', { name: 'Locked' })).toBeHidden()
})

test('staff choose on a device of theirs that it locks sooner', async ({ ada }) => {
  const { page } = ada
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByLabel('Lock this device').selectOption({ label: 'After 2 minutes' })
  await page.keyboard.press('Escape')
  await page.evaluate(() =>
    localStorage.setItem('wardline-active-at', String(Date.now() - 121_000)),
  )
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  await page.getByLabel('Password').fill('wardline-demo')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('button', { name: 'New chat' })).toBeVisible()
})
