/** How people come in: Monday and Wednesday of a clinic's week. */
import { DEMO_PASSWORD } from '@wardline/sync-server/cli/demo-clinic'
import { callerFor } from '../support/http-caller.ts'
import { addAuthenticator, byName } from './support/authenticator.ts'
import { desktop, expect, type OpenDevice, phone, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'
import { scan } from './support/scan.ts'

const NOTES = 'We read messages on working days, from 8 to 17.'
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'

/** Ada at her desk, with the app at an address that passkeys can belong to. */
const adaAt = async (device: OpenDevice, url: string): Promise<Person> => {
  const ada = await device({ ...desktop, baseURL: byName(url) })
  await ada.signIn('ada@demo.clinic')
  return ada
}

const invite = async (ada: Person, name: string, email = '') => {
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  await ada.page.getByRole('button', { name: 'Invite a patient' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'Invite a patient' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Birth date').fill('1984-05-02')
  if (email !== '') await dialog.getByLabel('Email').fill(email)
  await dialog.getByRole('button', { name: 'Make an invitation' }).click()
  await expect(dialog.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
  return dialog
}

const nameClinic = async (url: string) => {
  const admin = await callerFor(url, 'admin@demo.clinic')
  const settings = { name: 'Hillside Practice', notes: NOTES, emergencyNumber: '999' }
  const { status } = await admin('PATCH', '/api/admin/settings', settings)
  expect(status).toBe(200)
}

test('Monday: a patient is invited, scans the printed page, and writes', async ({
  device,
  server,
}) => {
  await nameClinic(server.url)
  const ada = await adaAt(device, server.url)
  const dialog = await invite(ada, 'Kim Novak')
  await ada.page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', '')
  })
  await dialog.getByRole('button', { name: 'Code to read out' }).click()
  await expect(dialog.getByText(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Print a page' }).click()
  await expect(ada.page.locator('body')).toHaveAttribute('data-printed')
  const shown = await scan(ada.page, await dialog.getByRole('img').screenshot())
  await ada.page.emulateMedia({ media: 'print' })
  const page = ada.page.locator('[data-print-page]')
  await expect(page.getByRole('listitem')).toHaveCount(3)
  await expect(page).toContainText('Hillside Practice')
  await expect(page).toContainText('999')
  await expect(dialog).toBeHidden()
  const link = await scan(ada.page, await page.getByRole('img').screenshot())
  expect(link).toBe(shown)
  await ada.page.emulateMedia({ media: 'screen' })
  await dialog.getByRole('button', { name: 'Done' }).click()

  // The chat is there already, and Ada writes before Kim has come.
  await ada.openChat('Kim Novak')
  await ada.send('Welcome, Kim. Write to me when you need something.')
  await ada.expectStatus('Welcome, Kim.', 'Stored')

  const kim = await device({ ...phone, baseURL: byName(server.url) })
  const authenticator = await addAuthenticator(kim.page)
  await kim.page.goto(link)
  await expect(kim.page.getByRole('heading', { name: 'Welcome, Kim Novak' })).toBeVisible()
  await expect(kim.page.getByText('Hillside Practice invites you')).toBeVisible()
  await kim.page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(kim.page.getByText(NOTES)).toBeVisible()
  await expect(kim.page.getByRole('main').getByRole('link', { name: '999' })).toBeVisible()
  // The secret of the link is in no history any more.
  expect(new URL(kim.page.url()).hash).toBe('')
  await kim.page.getByRole('button', { name: 'I have read this' }).click()
  await kim.openChat('Dr Ada Osei')
  await kim.expectTimeline(['Welcome, Kim.'])
  await kim.send('Thank you!')
  await kim.expectStatus('Thank you!', 'Read')
  await ada.expectTimeline(['Welcome, Kim.', 'Thank you!'])
  expect(await authenticator.count()).toBe(1)

  // It worked once, and with the passkey they come back.
  const other = await device({ ...phone, baseURL: byName(server.url) })
  await other.page.goto(link)
  await expect(other.page.getByText('This does not work any more')).toBeVisible()
  await kim.leaveChat()
  await kim.page.getByRole('button', { name: 'Account' }).click()
  await kim.page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await kim.page
    .getByRole('dialog', { name: 'Sign out?' })
    .getByRole('button', { name: 'Sign out', exact: true })
    .click()
  await kim.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(kim.row('Dr Ada Osei')).toBeVisible()
})

test('Monday, and the network goes away in the middle', async ({ device, server }) => {
  const ada = await adaAt(device, server.url)
  const dialog = await invite(ada, 'Kim Novak', 'kim@mail.example')
  const link = await scan(ada.page, await dialog.getByRole('img').screenshot())

  const kim = await device({ ...phone, baseURL: byName(server.url) })
  await addAuthenticator(kim.page)
  await kim.shellKept()
  // Gone as the link is opened: the app is here, and waits.
  await kim.goOffline()
  await kim.page.goto(link)
  await expect(kim.page.getByRole('heading', { name: 'There is no connection' })).toBeVisible()
  await kim.goOnline()
  await expect(kim.page.getByRole('heading', { name: 'Welcome, Kim Novak' })).toBeVisible()

  // Gone with the answer: the server has done it, and the phone does not know.
  let answered = 0
  await kim.page.route('**/api/auth/links/accept', async (route) => {
    await route.fetch()
    answered++
    await route.abort('connectionreset')
  })
  await kim.page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(kim.page.getByText('The connection is gone.')).toBeVisible()
  expect(answered).toBe(1)
  await kim.page.unroute('**/api/auth/links/accept')
  // And the page is loaded anew, which has forgotten all but which attempt it was.
  await kim.page.reload()
  await expect(kim.page.getByRole('button', { name: 'I have read this' })).toBeVisible()
  await kim.page.getByRole('button', { name: 'I have read this' }).click()
  await kim.openChat('Dr Ada Osei')

  // Gone as the first message is written.
  await kim.goOffline()
  await kim.send('Hello from the lift')
  await kim.expectStatus('Hello from the lift', 'Waiting to send')
  await kim.goOnline()
  await kim.comeBack()
  await kim.expectStatus('Hello from the lift', 'Delivered')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(ada.row('Kim Novak')).toContainText('Hello from the lift')
})

test('a patient without passkeys chooses a password, which has to be a good one', async ({
  device,
  ada,
}) => {
  const dialog = await invite(ada, 'Kim Novak')
  const link = await scan(ada.page, await dialog.getByRole('img').screenshot())
  const kim = await device(phone)
  await kim.page.goto(link)
  await kim.page.getByLabel('Email').fill('pat@demo.clinic')
  await kim.page.getByLabel('New password').fill('short')
  const use = kim.page.getByRole('button', { name: 'Use this password' })
  await use.click()
  await expect(kim.page.getByRole('alert')).toContainText('at least 10 characters')
  await kim.page.getByLabel('New password').fill('password123')
  await use.click()
  await expect(kim.page.getByRole('alert')).toContainText('easy to guess')
  await kim.page.getByLabel('New password').fill('drei Birnen im Regen')
  await use.click()
  await expect(kim.page.getByRole('alert')).toContainText('already')
  await kim.page.getByLabel('Email').fill('kim@mail.example')
  await use.click()
  await kim.page.getByRole('button', { name: 'I have read this' }).click()
  await expect(kim.row('Dr Ada Osei')).toBeVisible()
  const again = await device(phone)
  await again.signIn('kim@mail.example', 'drei Birnen im Regen')
})

test('on an iPhone a code takes the sign-in into the installed app', async ({ device, server }) => {
  const ada = await adaAt(device, server.url)
  const dialog = await invite(ada, 'Kim Novak')
  const link = await scan(ada.page, await dialog.getByRole('img').screenshot())
  const kim = await device({ ...phone, userAgent: iPhone, baseURL: byName(server.url) })
  await addAuthenticator(kim.page)
  await kim.page.goto(link)
  await expect(kim.page.getByText('keeps its own messages')).toBeVisible()
  await kim.page.getByRole('button', { name: 'Create a passkey' }).click()
  await kim.page.getByRole('button', { name: 'I have read this' }).click()
  await expect(kim.page.getByText('Add to Home Screen')).toBeVisible()
  const code = await kim.page.getByText(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/).textContent()

  // The installed app has storage of its own.
  const app = await device({ ...phone, userAgent: iPhone, baseURL: byName(server.url) })
  await app.page.getByRole('button', { name: 'I have a code' }).click()
  await app.page.getByLabel('Code').fill('ABCDEFGH')
  await app.page.getByRole('button', { name: 'Go on' }).click()
  await expect(app.page.getByText('This does not work any more')).toBeVisible()
  await app.page.getByRole('button', { name: 'I have a code' }).click()
  await app.page.getByLabel('Code').fill((code ?? '').toLowerCase().replace('-', ' '))
  await app.page.getByRole('button', { name: 'Go on' }).click()
  await expect(app.page.getByRole('heading', { name: 'Kim Novak' })).toBeVisible()
  await app.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(app.row('Dr Ada Osei')).toBeVisible()
  await kim.page.getByRole('button', { name: 'Go on in the browser' }).click()
  await expect(kim.row('Dr Ada Osei')).toBeVisible()
})

test('Wednesday: a way in again by a link and by a code read out; what was signed in before is out', async ({
  device,
  server,
  pat,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('I am here')
  await pat.expectStatus('I am here', 'Stored')
  await pat.leaveChat()
  const reception = await callerFor(server.url, 'admin@demo.clinic')
  const { people } = (await reception('GET', '/api/admin/people?query=robin')).body
  const roles = ['staff', 'admin']
  await reception('PATCH', `/api/admin/people/${people[0].id}`, { roles })
  const admin = await device(desktop)
  await admin.fillSignIn('admin@demo.clinic')
  await expect(admin.page.getByRole('button', { name: 'Account' })).toBeVisible()
  const help = async () => {
    await admin.page.getByRole('button', { name: 'Account' }).click()
    await admin.page.getByRole('button', { name: 'Help a patient' }).click()
    const picker = admin.page.getByRole('dialog', { name: 'Who needs help?' })
    await picker.getByRole('button', { name: 'Pat Morgan' }).click()
    await admin.page.getByRole('button', { name: 'Make a link or a code' }).click()
    const dialog = admin.page.getByRole('dialog', { name: 'Let Pat Morgan sign in again' })
    await expect(dialog.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
    return dialog
  }
  const dialog = await help()
  const link = await scan(admin.page, await dialog.getByRole('img').screenshot())
  await dialog.getByRole('button', { name: 'Done' }).click()

  // The old device itself can take the link: its messages stay.
  const found = await device(phone)
  await found.page.goto(link)
  await expect(found.page.getByRole('heading', { name: 'Hello again, Pat Morgan' })).toBeVisible()
  await found.page.getByLabel('New password').fill('drei Birnen im Regen')
  await found.page.getByRole('button', { name: 'Use this password' }).click()
  await expect(found.row('Dr Ada Osei')).toBeVisible()
  await expect(pat.banner).toContainText('Sign in')
  await pat.page.getByRole('status').getByRole('button', { name: 'Sign in' }).click()
  await pat.fillSignIn('pat@demo.clinic', DEMO_PASSWORD)
  await expect(pat.page.getByRole('alert')).toBeVisible()

  const second = await help()
  await second.getByRole('button', { name: 'Code to read out' }).click()
  const code = await second.getByText(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/).textContent()
  const third = await device(phone)
  await third.page.getByRole('button', { name: 'Forgot password' }).click()
  await expect(third.page.getByText('Call the clinic')).toBeVisible()
  await third.page.getByRole('button', { name: 'I have a code' }).click()
  await third.page.getByLabel('Code').fill(code ?? '')
  await third.page.getByRole('button', { name: 'Go on' }).click()
  await third.page.getByLabel('New password').fill('vier Pferde ohne Sattel')
  await third.page.getByRole('button', { name: 'Use this password' }).click()
  await expect(third.row('Dr Ada Osei')).toBeVisible()
  await expect(found.banner).toContainText('Sign in')
})

test('passkeys of an account are added, named and removed, and the last way in stays', async ({
  device,
  server,
}) => {
  const pat = await device({ ...phone, baseURL: byName(server.url) })
  const authenticator = await addAuthenticator(pat.page)
  await pat.signIn('pat@demo.clinic')
  const open = async () => {
    await pat.page.getByRole('button', { name: 'Account' }).click()
    await pat.page.getByRole('button', { name: 'Passkeys' }).click()
  }
  await open()
  const dialog = pat.page.getByRole('dialog', { name: 'Passkeys' })
  await dialog.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  // The same device makes no second one.
  await dialog.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(dialog.getByRole('alert')).toContainText('already')
  await dialog.getByRole('button', { name: 'Rename Chrome' }).click()
  await dialog.getByLabel('Name').fill('My phone')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('listitem')).toContainText('My phone')
  expect(await authenticator.count()).toBe(1)
  await dialog.getByRole('button', { name: 'Remove My phone' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(0)
  await pat.page.keyboard.press('Escape')
  await pat.page.getByRole('button', { name: 'Account' }).click()
  await pat.page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await pat.page
    .getByRole('dialog', { name: 'Sign out?' })
    .getByRole('button', { name: 'Sign out', exact: true })
    .click()
  await pat.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(pat.page.getByRole('alert')).toContainText('not known here any more')
})

test('a link for somebody else leaves a device and its link as they are', async ({
  device,
  ada,
  pat,
}) => {
  const dialog = await invite(ada, 'Kim Novak')
  const link = await scan(ada.page, await dialog.getByRole('img').screenshot())
  await pat.page.goto(link)
  await expect(pat.page.getByRole('heading', { name: 'This device is Pat Morgan’s' })).toBeVisible()
  await pat.page.getByRole('button', { name: 'Back to the messages' }).click()
  await expect(pat.page.getByRole('button', { name: 'New chat' })).toBeVisible()
  const kim = await device(phone)
  await kim.page.goto(link)
  await expect(kim.page.getByRole('heading', { name: 'Welcome, Kim Novak' })).toBeVisible()
})
