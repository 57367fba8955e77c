/** The browser may not promise to keep what is on the device. */
import { expect, phone, test } from './support/clinic.ts'

test('a browser that may delete what is here says so at the next start, until later', async ({
  device,
}) => {
  const pat = await device(phone)
  await pat.promiseNothing()
  await pat.signIn('pat@demo.clinic')
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello')
  const notice = pat.page.getByText('This browser may delete your messages. Install the app.')
  // Nothing on screen moves for it.
  await expect(notice).toHaveCount(0)
  await pat.page.reload()
  await expect(notice).toBeVisible()
  await pat.page.getByRole('button', { name: 'Later' }).click()
  await expect(notice).toHaveCount(0)
  await pat.page.reload()
  await pat.expectTimeline(['Hello'])
  await expect(notice).toHaveCount(0)
})
