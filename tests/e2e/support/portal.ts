/** A portal of somebody else's, on another origin, with the widget of examples/portal-widget in it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import type { TestServer } from '../../support/hosted-server.ts'

const program = join(import.meta.dirname, '../../../examples/portal-widget/serve.mjs')

export class Portal {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** Serves the portal, and starts the clinic's server anew with leave for its origin. */
  static async open(server: TestServer): Promise<Portal> {
    const { PATH = '' } = process.env
    const env = { PATH, PORT: '0', HOST: '127.0.0.1', WARDLINE_URL: server.url }
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    const url = await new Promise<string>((done, fail) => {
      const read = (chunk: Buffer) => {
        printed += chunk.toString()
        const match = /is at (http:\S+)/.exec(printed)
        if (match?.[1] !== undefined) done(match[1])
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('exit', () => fail(new Error(`the portal ended: ${printed}`)))
    })
    server.options.env = {
      ...server.options.env,
      CLIENT_URL: url,
      // Of its page /mine, for who is signed in to the portal.
      TOKEN_ISSUER: url,
      TOKEN_AUDIENCE: 'wardline',
      TOKEN_JWKS_URL: `${url}/jwks.json`,
    }
    await server.stop()
    await server.start()
    return new Portal(url, child)
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit')
    this.#child.kill()
    await exit
  }
}

/** What somebody sees and does in the widget. */
export class Widget {
  readonly page: Page
  readonly root: Locator
  readonly messages: Locator
  readonly banner: Locator
  readonly text: Locator

  constructor(page: Page) {
    this.page = page
    this.root = page.locator('wardline-chat')
    this.messages = this.root.getByRole('log')
    this.banner = this.root.getByRole('status')
    this.text = this.root.getByRole('textbox', { name: 'Message' })
  }

  async signIn(email: string, password = 'wardline-demo'): Promise<void> {
    await this.root.getByLabel('Email').fill(email)
    await this.root.getByLabel('Password').fill(password)
    await this.root.getByRole('button', { name: 'Sign in' }).click()
  }

  async send(text: string): Promise<void> {
    await this.text.fill(text)
    await this.root.getByRole('button', { name: 'Send' }).click()
    await expect(this.text).toHaveValue('')
  }

  message(text: string): Locator {
    return this.messages.getByRole('article').filter({ hasText: text })
  }

  async expectProgress(text: string, progress: string): Promise<void> {
    await expect(this.message(text)).toContainText(`· ${progress}`)
  }

  async expectOnline(): Promise<void> {
    await expect(this.banner).toBeHidden()
    await expect(this.text).toBeVisible()
  }
}
