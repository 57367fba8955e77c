/** A whole browser of a test's own, on a profile that outlives it, to be killed as by a power cut. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { flags } from './chromium.ts'
import { Person } from './person.ts'
import type { Watch } from './watch.ts'

export class OwnBrowser {
  readonly #profile: string
  readonly #origin: string
  readonly #watch: Watch
  #process: ChildProcess | undefined

  private constructor(profile: string, origin: string, watch: Watch) {
    this.#profile = profile
    this.#origin = origin
    this.#watch = watch
  }

  /** A browser that was never used before. */
  static async create(origin: string, watch: Watch): Promise<OwnBrowser> {
    return new OwnBrowser(await mkdtemp(join(tmpdir(), 'wardline-profile-')), origin, watch)
  }

  /** Starts it on its profile, with one tab at `path` of the app. */
  async open(path = '/'): Promise<Person> {
    const program = process.env.CHROMIUM_PATH ?? chromium.executablePath()
    const ways = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${this.#profile}`]
    const child = spawn(program, [...ways, ...flags, 'about:blank'], {
      // A group of its own, so that all of its processes can be killed at once.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#process = child
    const browser = await chromium.connectOverCDP(await endpointOf(child))
    const context = browser.contexts()[0] ?? (await browser.newContext())
    this.#watch.context(context, this.#origin)
    const page = context.pages()[0] ?? (await context.newPage())
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(this.#origin + path)
    return new Person(page)
  }

  /** Stops all of it where it is: its connections stay, and nobody answers. It can be killed. */
  freeze(): void {
    const { pid } = this.#process ?? {}
    if (pid !== undefined) process.kill(-pid, 'SIGSTOP')
  }

  /** Nothing of the browser gets a chance to do anything more. */
  kill(): void {
    const { pid } = this.#process ?? {}
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  }

  /** Ends it as a person does: it writes to the disk what it has. */
  async quit(person: Person): Promise<void> {
    const browser = person.page.context().browser()
    const session = await browser?.newBrowserCDPSession()
    await session?.send('Browser.close').catch(() => {})
    await this.gone()
  }

  /** Resolves when the killed browser is gone. */
  async gone(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, 'exit')
  }

  async remove(): Promise<void> {
    if (this.#process !== undefined) this.kill()
    await this.gone()
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10 })
  }
}

const endpointOf = (child: ChildProcess): Promise<string> =>
  new Promise((done, fail) => {
    let printed = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const match = /DevTools listening on (ws:\S+)/.exec(printed)
      if (match?.[1] !== undefined) done(match[1])
    })
    child.once('exit', () => fail(new Error(`the browser did not start: ${printed}`)))
    child.once('error', fail)
  })
