/** Notifications, with a push service on this machine in the place of the browser maker's. */
import type { BrowserContext, CDPSession, Worker } from '@playwright/test'
import {
  type BrowserKeys,
  decryptPush,
  newBrowserKeys,
  PushReceiver,
} from '../support/push-receiver.ts'
import { wholeBrowser } from './support/chromium.ts'
import { expect, type OpenDevice, phone, test } from './support/clinic.ts'
import type { Person } from './support/person.ts'

const CHAT = 'dm.pat-morgan.dr-ada'
const MESSAGE = JSON.stringify({ type: 'message', chat: CHAT })
const MINE = 'test-subscription'

test.use({ launchOptions: wholeBrowser() })

let service: PushReceiver
test.beforeEach(async () => {
  service = await PushReceiver.start()
})
test.afterEach(() => service.close())

/** Subscribes with the local service: the browser's own would have to ask its maker's. */
const subscribeLocally = (context: BrowserContext, { json }: BrowserKeys, endpoint: string) =>
  context.addInitScript(
    ({ keys, endpoint, MINE }) => {
      if (typeof PushManager === 'undefined') return
      const toBytes = (text: string) =>
        Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
          char.charCodeAt(0),
        )
      const subscription = (key: string) => ({
        options: { applicationServerKey: toBytes(key).buffer, userVisibleOnly: true },
        toJSON: () => ({ endpoint, expirationTime: null, keys }),
        unsubscribe: async () => {
          localStorage.removeItem(MINE)
          return true
        },
      })
      Object.assign(PushManager.prototype, {
        getSubscription: async () => {
          const key = localStorage.getItem(MINE)
          return key === null ? null : subscription(key)
        },
        subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
          localStorage.setItem(MINE, applicationServerKey)
          return subscription(applicationServerKey)
        },
      })
    },
    { keys: json, endpoint, MINE },
  )

interface Notified {
  readonly person: Person
  readonly keys: BrowserKeys
}

/** Lets a browser show notifications, and signs a doctor in there. */
const letNotify = async (person: Person, name: 'ada' | 'ben'): Promise<Notified> => {
  const context = person.page.context()
  const keys = newBrowserKeys()
  await context.grantPermissions(['notifications'])
  await subscribeLocally(context, keys, `${service.origin}/push/${name}`)
  await person.page.reload()
  await person.signIn(`${name}@demo.clinic`)
  await person.shellKept()
  return { person, keys }
}

const notifiable = async (device: OpenDevice): Promise<Notified> => letNotify(await device(), 'ada')

/** Which browsers something was delivered for, in this order. */
const reached = (): string[] => service.delivered.map(({ path }) => path)

const notificationSwitch = (person: Person) =>
  person.page.getByRole('switch', { name: 'Notifications' })

const switchOn = async (person: Person): Promise<void> => {
  await person.page.getByRole('button', { name: 'Account' }).click()
  await notificationSwitch(person).click()
  await expect(notificationSwitch(person)).toBeChecked()
}

/** The browser gets a push message, as from its push service. */
const deliver = async (person: Person, origin: string, data: string): Promise<void> => {
  const session: CDPSession = await person.page.context().newCDPSession(person.page)
  const registered = new Promise<string>((done) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const mine = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`)
      if (mine !== undefined) done(mine.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
  await session.detach()
}

/** Of a worker's globals, what the tests look at. */
interface WorkerGlobal {
  readonly registration: ServiceWorkerRegistration
  readonly clients: {
    matchAll(options: { type: 'window' }): Promise<{ postMessage(message: unknown): void }[]>
  }
}

const workerOf = async (context: BrowserContext): Promise<Worker> =>
  context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))

/** What stands in the system's list of notifications. */
const notices = async (person: Person): Promise<{ title: string; data: unknown }[]> => {
  const worker = await workerOf(person.page.context())
  return worker.evaluate(async () => {
    const { registration } = globalThis as unknown as WorkerGlobal
    const shown = await registration.getNotifications()
    return shown.map(({ title, data }) => ({ title, data: data as unknown }))
  })
}

test('a message reaches a device whose app is closed, and says nothing but where', async ({
  server,
  device,
  pat,
}) => {
  const { person: ada, keys } = await notifiable(device)
  await switchOn(ada)
  await ada.page.goto('about:blank')

  await pat.startChat('Dr Ada Osei')
  await pat.send('The biopsy result worries me')
  await expect.poll(() => service.delivered.length).toBe(1)
  const payload = decryptPush(keys, service.delivered[0]!.body)
  expect(payload).toBe(MESSAGE)

  await deliver(ada, server.url, payload)
  await expect.poll(() => notices(ada)).toEqual([{ title: 'New message', data: { chat: CHAT } }])

  // What a tap on it opens.
  await ada.page.goto(`/#/chat/${CHAT}`)
  await expect(ada.message('The biopsy result worries me')).toBeVisible()
  await expect.poll(() => notices(ada)).toEqual([])
})

test('an app that is open shows the message, and nothing twice', async ({
  server,
  device,
  ownBrowser,
  pat,
}) => {
  const { person: ada } = await notifiable(device)
  await switchOn(ada)
  await ada.page.keyboard.press('Escape')
  const { person: ben } = await letNotify(await ownBrowser.open(), 'ben')
  await switchOn(ben)
  await pat.startChat('Dr Ada Osei')
  await pat.send('Good morning')
  await expect(ada.row('Pat Morgan')).toContainText('Good morning')
  expect(service.delivered).toEqual([])
  await deliver(ada, server.url, MESSAGE)

  // The worker asks the page to go to the chat of a notification that was tapped.
  const worker = await workerOf(ada.page.context())
  await worker.evaluate(async (chat) => {
    const { clients } = globalThis as unknown as WorkerGlobal
    for (const window of await clients.matchAll({ type: 'window' }))
      window.postMessage({ type: 'OPEN_CHAT', chat })
  }, CHAT)
  await expect(ada.message('Good morning')).toBeVisible()
  expect(await notices(ada)).toEqual([])

  // Its connection answers, so that the server does not take it for dead; one that was written to
  // later, and is silent, it does.
  ownBrowser.freeze()
  await pat.leaveChat()
  await pat.startChat('Dr Ben Laurent')
  await pat.send('Are you there?')
  await expect.poll(reached, { timeout: 40_000 }).toEqual(['/push/ben'])
})

test('they stay on over a reload, and end with signing out', async ({ device, pat }) => {
  const { person: ben } = await letNotify(await device(), 'ben')
  await switchOn(ben)
  await ben.page.goto('about:blank')
  const { person: ada } = await notifiable(device)
  await switchOn(ada)
  const renewed = ada.page.waitForResponse(
    (response) => response.request().method() === 'PUT' && response.url().endsWith('/subscription'),
  )
  await ada.page.reload()
  expect((await renewed).status()).toBe(204)
  await ada.page.getByRole('button', { name: 'Account' }).click()
  await expect(notificationSwitch(ada)).toBeChecked()

  await ada.page.getByRole('button', { name: 'Sign out' }).click()
  await ada.page
    .getByRole('dialog', { name: 'Sign out?' })
    .getByRole('button', { name: 'Sign out' })
    .click()
  await expect(ada.page.getByLabel('Password')).toBeVisible()
  expect(await ada.page.evaluate((key) => localStorage.getItem(key), MINE)).toBeNull()
  await pat.startChat('Dr Ada Osei')
  await pat.send('Hello?')
  await pat.expectStatus('Hello?', 'Stored')
  // What is written later is announced later, and that to Ben is.
  await pat.leaveChat()
  await pat.startChat('Dr Ben Laurent')
  await pat.send('Are you there?')
  await expect.poll(reached).toEqual(['/push/ben'])
})

test('who has blocked them is told where to allow them', async ({ device }) => {
  const person = await device(phone)
  await person.page.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' })
  })
  await person.page.reload()
  await person.signIn('ada@demo.clinic')
  await person.page.getByRole('button', { name: 'Account' }).click()
  await expect(person.page.getByText('Notifications are blocked.')).toBeVisible()
  await expect(notificationSwitch(person)).toHaveCount(0)
})
