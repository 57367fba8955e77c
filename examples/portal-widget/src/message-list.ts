/** The messages on the screen, and which of them a person has had before their eyes. */
import { openBody } from '@wardline/core/chat/body'
import type { Message } from '@wardline/core/chat/page'
import { element, setText } from './elements.ts'
import type { Line } from './portal-chat.ts'
import { dayText, progressText, timeText } from './words.ts'

/** How far from the end, in pixels, somebody still counts as reading at the end. */
const AT_END = 60

interface Row {
  readonly item: HTMLElement
  readonly day: HTMLParagraphElement
  readonly text: HTMLParagraphElement
  readonly note: HTMLParagraphElement
  message: Message | undefined
}

const keyOf = ({ month, message }: Pick<Line, 'month' | 'message'>): string =>
  `${month}/${message.id}`

export class MessageList {
  readonly element = element('div', { className: 'messages', tabIndex: 0 })
  readonly #rows = new Map<string, Row>()
  readonly #keys = new Map<Element, string>()
  readonly #visible = new Set<string>()
  readonly #observer: IntersectionObserver
  /** Whoever reads at the end stays there. */
  #isAtEnd = true

  /** @param seen called when other messages than before are on the screen */
  constructor(seen: () => void) {
    this.element.ariaLabel = 'Messages'
    this.element.role = 'log'
    this.element.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.element
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END
    })
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const key = this.#keys.get(target)
          if (key === undefined) continue
          if (isIntersecting) this.#visible.add(key)
          else this.#visible.delete(key)
        }
        seen()
      },
      // The middle of a long one is enough.
      { threshold: [0.5], rootMargin: '0px' },
    )
  }

  isVisible(line: Pick<Line, 'month' | 'message'>): boolean {
    return this.#visible.has(keyOf(line))
  }

  show(lines: readonly Line[]): void {
    const { element: list } = this
    const rows = lines.map((line, i) => this.#row(line, lines[i - 1]))
    const kept = new Set(rows)
    for (const [key, row] of this.#rows) if (!kept.has(row)) this.#drop(key, row)
    for (const [i, { item }] of rows.entries())
      if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null)
    this.#follow()
  }

  /** To the newest message. */
  toEnd(): void {
    this.#isAtEnd = true
    this.#follow()
  }

  #follow(): void {
    if (this.#isAtEnd) this.element.scrollTop = this.element.scrollHeight
  }

  clear(): void {
    for (const [key, row] of this.#rows) this.#drop(key, row)
  }

  #row(line: Line, before: Line | undefined): Row {
    const key = keyOf(line)
    const row = this.#rows.get(key) ?? this.#make(key, line)
    const { message, isOwn, progress } = line
    const day = dayText(message.at)
    setText(row.day, before !== undefined && dayText(before.message.at) === day ? '' : day)
    row.day.hidden = row.day.textContent === ''
    const edited = message.history.length > 0 ? ' · edited' : ''
    const state = isOwn && progress !== undefined ? ` · ${progressText(progress)}` : ''
    setText(row.note, `${timeText(message.at)}${edited}${message.retracted ? '' : state}`)
    if (row.message !== message) void this.#write(row, message)
    return row
  }

  #make(key: string, { isOwn }: Line): Row {
    const day = element('p', { className: 'day' })
    const text = element('p', { className: 'text' })
    const note = element('p', { className: 'note' })
    const whose = element('span', { className: 'sr' }, isOwn ? 'You: ' : 'The practice: ')
    const item = element('article', { className: isOwn ? 'own' : '' }, day, whose, text, note)
    const row: Row = { item, day, text, note, message: undefined }
    this.#rows.set(key, row)
    this.#keys.set(text, key)
    this.#observer.observe(text)
    return row
  }

  async #write(row: Row, message: Message): Promise<void> {
    row.message = message
    const opened = message.body === null ? undefined : await openBody(message.body)
    if (row.message !== message) return
    const isText = opened?.kind === 'content'
    row.text.classList.toggle('gone', !isText)
    const { text = '', attachments = [] } = isText ? opened.content : {}
    const files = attachments.map(({ name }) => `📎 ${name}`)
    const content = [text, ...files].filter((part) => part !== '').join('\n')
    const instead = message.retracted ? 'Taken back' : 'This message cannot be shown here'
    setText(row.text, isText ? content : instead)
    this.#follow()
  }

  #drop(key: string, { item, text }: Row): void {
    this.#observer.unobserve(text)
    this.#keys.delete(text)
    this.#visible.delete(key)
    this.#rows.delete(key)
    item.remove()
  }
}
