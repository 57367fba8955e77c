/** What no session may ever show: script errors, breaches of the content policy, foreign requests. */
import { type BrowserContext, expect } from '@playwright/test'

/** The browser itself writes these to the console when there is no network, or an answer is 4xx. */
const ofTheNetwork = /^Failed to load resource:|^WebSocket connection to /

export class Watch {
  readonly errors: string[] = []
  readonly foreign: string[] = []
  /** Requests that failed, or that the server refused; offline there are many. */
  readonly failures: string[] = []
  /** Hosts beside the server's that a test sends people to. */
  readonly #admitted = new Set<string>()

  /** The pages of this test go to another host as well. */
  admit(origin: string): void {
    this.#admitted.add(new URL(origin).host)
  }

  /** Listens to every page of a browser profile, those of the future included. */
  context(context: BrowserContext, origin: string): void {
    context.on('console', (message) => {
      if (message.type() === 'error' && !ofTheNetwork.test(message.text()))
        this.errors.push(message.text())
    })
    context.on('weberror', (error) => this.errors.push(String(error.error())))
    const own = new URL(origin).host
    context.on('request', (request) => this.#visited(request.url(), own))
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? ''
      // A page that was left does not wait for its icons.
      if (why !== 'net::ERR_ABORTED') this.failures.push(`${why} ${request.url()}`)
    })
    context.on('response', (response) => {
      if (response.status() >= 400) this.failures.push(`${response.status()} ${response.url()}`)
    })
    const listen = (page: ReturnType<BrowserContext['pages']>[number]) => {
      page.on('websocket', (socket) => this.#visited(socket.url(), own))
    }
    for (const page of context.pages()) listen(page)
    context.on('page', listen)
  }

  expectQuiet(): void {
    expect(this.errors).toEqual([])
    expect(this.foreign).toEqual([])
  }

  #visited(address: string, own: string): void {
    const { protocol, host } = new URL(address)
    const isOwn = protocol === 'data:' || protocol === 'blob:' || host === own
    if (!isOwn && !this.#admitted.has(host)) this.foreign.push(address)
  }
}
