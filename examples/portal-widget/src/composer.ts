/** Where a message is written. What stands in it is kept until it is in the document. */
import { element, setText } from './elements.ts'
import { sendProblem } from './words.ts'

export interface ComposerOptions {
  readonly draft: string
  readonly keep: (draft: string) => void
  /** Puts a message into the document; rejects when that cannot be done. */
  readonly send: (text: string) => Promise<void>
  /** Told of each key, and with false when nothing is being written any more. */
  readonly typing: (typing: boolean) => void
}

export class Composer {
  readonly element: HTMLFormElement
  readonly #text = element('textarea', { rows: 1, placeholder: 'Write a message' })
  readonly #problem = element('p', { className: 'problem', role: 'alert' })
  readonly #options: ComposerOptions
  #sending = false

  constructor(options: ComposerOptions) {
    this.#options = options
    this.#text.value = options.draft
    this.#text.ariaLabel = 'Message'
    const button = element('button', { type: 'submit' }, 'Send')
    const parts = [this.#text, button, this.#problem]
    this.element = element('form', { className: 'compose' }, ...parts)
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#send()
    })
    this.#text.addEventListener('input', () => {
      options.keep(this.#text.value)
      options.typing(this.#text.value !== '')
    })
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      void this.#send()
    })
  }

  /** Puts a text back, before what stands there. */
  insert(text: string): void {
    this.#text.value = [text, this.#text.value].filter((part) => part !== '').join('\n')
    this.#options.keep(this.#text.value)
    this.#text.focus()
  }

  async #send(): Promise<void> {
    const text = this.#text.value
    if (this.#sending || text.trim() === '') return
    this.#sending = true
    try {
      await this.#options.send(text)
      // What was typed meanwhile stays.
      if (this.#text.value.startsWith(text)) this.#text.value = this.#text.value.slice(text.length)
      this.#options.keep(this.#text.value)
      this.#options.typing(false)
      setText(this.#problem, '')
    } catch (error) {
      setText(this.#problem, sendProblem(error))
    } finally {
      this.#sending = false
    }
  }
}
