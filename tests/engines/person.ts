/** What a person does in a tab of any engine, by what they see. */
import { expect } from 'vitest'
import type { Place, Tab } from './engine.ts'

const PATIENCE = { timeout: 45_000, interval: 100 }

export class Person {
  readonly #tab: Tab

  constructor(tab: Tab) {
    this.#tab = tab
  }

  get tab(): Tab {
    return this.#tab
  }

  async sees(place: Place): Promise<void> {
    await expect
      .poll(() => this.#tab.has(place).catch(() => false), {
        ...PATIENCE,
        message: JSON.stringify(place),
      })
      .toBe(true)
  }

  async clicks(place: Place): Promise<void> {
    await this.sees(place)
    await this.#tab.click(place)
  }

  async signIn(url: string, email: string, password: string): Promise<void> {
    await this.#tab.open(url)
    await this.sees({ css: 'input[type=password]' })
    await this.#tab.type({ css: 'input[type=email]' }, email)
    await this.#tab.type({ css: 'input[type=password]' }, password)
    await this.clicks({ css: 'main button', name: 'Sign in' })
    await this.sees({ css: 'button', name: 'New chat' })
  }

  async startChat(name: string): Promise<void> {
    await this.clicks({ css: 'button', name: 'New chat' })
    await this.clicks({ css: 'dialog button, [role=dialog] button', text: name })
    await this.sees({ css: 'textarea', name: 'Message' })
  }

  async openChat(name: string): Promise<void> {
    const composer = { css: 'textarea', name: 'Message' }
    await this.sees({ css: '[aria-label=Chats] a', text: name })
    // A banner that opens moves the list under the pointer: who missed clicks again.
    await expect
      .poll(
        async () => {
          if (await this.#tab.has(composer)) return true
          await this.#tab.click({ css: '[aria-label=Chats] a', text: name })
          return false
        },
        { ...PATIENCE, interval: 2_000 },
      )
      .toBe(true)
  }

  async send(text: string): Promise<void> {
    await this.#tab.type({ css: 'textarea', name: 'Message' }, text)
    await this.clicks({ css: 'button', name: 'Send' })
    await this.seesMessage(text)
  }

  seesMessage(text: string): Promise<void> {
    return this.sees({ css: '[role=log] [role=article], [role=log] article', text })
  }

  /** The message has this status, as a screen reader says it. */
  async seesStatus(text: string, status: string): Promise<void> {
    await expect
      .poll(
        () =>
          this.#tab
            .run(
              ({ text }) =>
                [...document.querySelectorAll('[role=log] [role=article], [role=log] article')]
                  .filter((article) => article.textContent?.includes(text))
                  .flatMap((article) => [
                    article.textContent ?? '',
                    ...[...article.querySelectorAll('[aria-label]')].map(
                      (part) => part.getAttribute('aria-label') ?? '',
                    ),
                  ])
                  .join(' | '),
              { text },
            )
            .catch(String),
        PATIENCE,
      )
      .toContain(status)
  }

  /** The app starts without a network from now on. */
  shellKept(): Promise<boolean> {
    return this.#tab.run(async () => (await navigator.serviceWorker.ready).active !== null, null)
  }
}
