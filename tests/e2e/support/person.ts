/** What a person does in a tab, by what they see and hear only. */
import { expect, type Locator, type Page } from '@playwright/test'
import { readDatabases } from './databases.ts'
import { lineOf } from './line.ts'

export type Status = 'Waiting to send' | 'Stored' | 'Delivered' | 'Read'

const PASSWORD = 'wardline-demo'
const OFFLINE = 'Offline. Messages are saved on this device and send when you reconnect.'

export class Person {
  readonly page: Page
  readonly chats: Locator
  readonly timeline: Locator
  readonly composer: Locator
  readonly sendButton: Locator
  readonly banner: Locator
  /** "Online", of the person whose chat is open. */
  readonly online: Locator

  constructor(page: Page) {
    this.page = page
    this.chats = page.getByRole('list', { name: 'Chats' })
    this.timeline = page.getByRole('log')
    this.composer = page.getByRole('textbox', { name: 'Message' })
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true })
    this.banner = page.getByRole('status')
    this.online = page.getByRole('region').getByText('Online', { exact: true })
  }

  async signIn(email: string, password = PASSWORD): Promise<void> {
    await this.fillSignIn(email, password)
    await expect(this.page.getByRole('button', { name: 'New chat' })).toBeVisible()
  }

  async fillSignIn(email: string, password = PASSWORD): Promise<void> {
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password').fill(password)
    // A session that ended has a button of that name in the banner too.
    await this.page
      .getByRole('main')
      .or(this.page.getByRole('dialog'))
      .getByRole('button', { name: 'Sign in', exact: true })
      .click()
  }

  /** Picks somebody in "Choose a doctor" or "Choose a patient". */
  async startChat(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New chat' }).click()
    await this.page.getByRole('dialog').getByRole('button', { name }).click()
    await expect(this.composer).toBeVisible()
  }

  /** The row of a chat in the list. */
  row(name: string): Locator {
    return this.chats.getByRole('listitem').filter({ hasText: name })
  }

  async openChat(name: string): Promise<void> {
    await this.row(name).getByRole('link').click()
    await expect(this.composer).toBeVisible()
  }

  async leaveChat(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back to chats' }).click()
  }

  /** Resolves when the composer has let go of the text. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.sendButton.click()
    await expect(this.composer).toHaveValue('')
  }

  /** Resolves in the very frame in which the composer has let go of its text. */
  async composerCleared(): Promise<void> {
    await this.composer.evaluate(
      (input) =>
        new Promise<void>((done) => {
          const look = () => {
            if ((input as HTMLTextAreaElement).value === '') done()
            else requestAnimationFrame(look)
          }
          look()
        }),
    )
  }

  /** What stands in the composer is in the device's database. */
  async draftSaved(text: string): Promise<void> {
    await expect(async () => {
      const { wardline } = await readDatabases(this.page)
      expect(JSON.stringify(wardline?.drafts)).toContain(text)
    }).toPass()
  }

  /** All that this device has stored is with the server, settings as well. */
  async expectAllSent(): Promise<void> {
    await expect(async () => {
      const { wardline } = await readDatabases(this.page)
      expect(wardline?.outbox).toEqual([])
    }).toPass()
  }

  message(text: string): Locator {
    return this.timeline.getByRole('article').filter({ hasText: text })
  }

  async expectStatus(text: string, status: Status): Promise<void> {
    await expect(this.message(text).getByText(status, { exact: true })).toBeAttached()
  }

  /** The timeline holds exactly these messages, in this order. */
  async expectTimeline(texts: readonly string[]): Promise<void> {
    await expect(this.timeline.getByRole('article')).toContainText([...texts])
  }

  /** Starts anew in a browser that does not promise to keep what is on the device. */
  async promiseNothing(): Promise<void> {
    await this.page.addInitScript(() => {
      StorageManager.prototype.persisted = async () => false
      StorageManager.prototype.persist = async () => false
    })
    await this.page.reload()
  }

  /** Without a network. The device resets its sockets then, or has a dead one and is to notice. */
  async goOffline(sockets: 'reset' | 'dead' = 'reset'): Promise<void> {
    const context = this.page.context()
    await context.setOffline(true)
    if (sockets === 'reset') lineOf(context)?.cut()
  }

  async goOnline(): Promise<void> {
    const context = this.page.context()
    lineOf(context)?.mend()
    await context.setOffline(false)
  }

  /** Looks at the app again, which is a good moment to try to connect. */
  async comeBack(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event('focus')))
  }

  /** Another tab of the same browser, at the list. */
  async newTab(): Promise<Person> {
    const tab = new Person(await this.page.context().newPage())
    await tab.page.goto('/')
    await expect(tab.page.getByRole('button', { name: 'New chat' })).toBeVisible()
    return tab
  }

  async expectOffline(): Promise<void> {
    await expect(this.banner).toContainText(OFFLINE)
  }

  async expectLive(options: { timeout?: number } = {}): Promise<void> {
    await expect(this.banner).toHaveText('', options)
  }

  /**
   * The app starts without a network from now on. A page that was loading while its worker became
   * active is not controlled by it, and need not be: the next one is.
   */
  async shellKept(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
  }
}
