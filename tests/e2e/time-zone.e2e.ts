/** A device that goes to another time zone, as people do, shows its times there. */
import { expect, test } from './support/clinic.ts'

test('times are those of where the device is now, without a reload', async ({ pat }) => {
  const { page } = pat
  const session = await page.context().newCDPSession(page)
  const go = async (timezoneId: string) => {
    await session.send('Emulation.setTimezoneOverride', { timezoneId })
    await pat.comeBack()
  }
  await go('Asia/Tokyo')
  await pat.startChat('Dr Ada Osei')
  await pat.send('On the way')
  const time = pat.message('On the way').locator('time')
  const shown = async () => {
    const at = await time.getAttribute('datetime')
    const options = { hour: 'numeric', minute: '2-digit' } as const
    const here = (timeZone: string) =>
      new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(new Date(at ?? ''))
    return { tokyo: here('Asia/Tokyo'), kolkata: here('Asia/Kolkata') }
  }
  const expected = await shown()
  await expect(time).toHaveText(expected.tokyo.replace(/\s/gu, '\u00a0'))
  await go('Asia/Kolkata')
  await expect(time).toHaveText(expected.kolkata.replace(/\s/gu, '\u00a0'))
  await pat.leaveChat()
  await expect(pat.row('Dr Ada Osei')).toContainText(expected.kolkata.replace(/\s/gu, '\u00a0'))
})
