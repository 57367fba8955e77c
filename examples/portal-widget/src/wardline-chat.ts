/**
 * `<wardline-chat server="https://chat.clinic.example" doctor="dr-ada" heading="Ask us">`: the chat
 * of whoever is signed in with one doctor, in a page of somebody else's. With `token-url`, an address
 * of the portal, that is whoever is signed in to the portal.
 */
import { parseUserId, type UserId } from '@wardline/core/base/ids'
import { openBody } from '@wardline/core/chat/body'
import type { Message } from '@wardline/core/chat/page'
import { Composer } from './composer.ts'
import { canKeep } from './device-copy.ts'
import { element, setText } from './elements.ts'
import { LocalNotes } from './local-notes.ts'
import { MessageList } from './message-list.ts'
import { PortalChat } from './portal-chat.ts'
import { portalTokens } from './portal-tokens.ts'
import { type RemovedBy, Session } from './session.ts'
import { signInForm } from './sign-in.ts'
import { style } from './style.ts'
import { bannerText, OTHERS, presenceText } from './words.ts'

/** Typing is said at most so often, and is over so long after the last key, ms. */
const SAID_EVERY = 3_000
const OVER_AFTER = 5_000

class WardlineChat extends HTMLElement {
  readonly #title = element('h2')
  readonly #presence = element('p')
  readonly #leave = element(
    'button',
    { type: 'button', className: 'quiet', hidden: true },
    'Sign out',
  )
  readonly #banner = element('p', { className: 'banner', role: 'status' })
  readonly #earlier = element(
    'button',
    { type: 'button', className: 'quiet earlier', hidden: true },
    'Earlier messages',
  )
  readonly #list = new MessageList(() => this.#noteSeen())
  /** What a browser that its person removed had not sent. In this page alone: nothing is kept. */
  readonly #unsent = element('div', { className: 'refused', hidden: true })
  readonly #refused = element('div', { className: 'refused', hidden: true })
  readonly #signIn = signInForm((email, password) => this.#signInAs(email, password))
  readonly #onVisible = (): void => this.#noteSeen()
  readonly #onOffline = (): void => this.#chat?.pause()
  readonly #onOnline = (): void => {
    this.#chat?.resume()
    if (this.#byPortal && this.#chat === undefined) void this.#enter()
  }
  /** Somebody signed out in another tab. */
  readonly #onStorage = (): void => {
    if (this.#chat !== undefined && this.#notes?.owner === undefined) void this.#end()
  }
  readonly #onLeave = (event: BeforeUnloadEvent): void => {
    if (this.#chat?.isAtRisk === true) event.preventDefault()
  }
  #composer: Composer | undefined
  #chat: PortalChat | undefined
  #notes: LocalNotes | undefined
  #session: Session | undefined
  #keeps = false
  /** The portal says who it is. */
  #byPortal = false
  /** This browser holds the messages of another person than is signed in to the portal. */
  #isOthers = false
  #drawing = false
  #saidAt = Number.NEGATIVE_INFINITY
  #typingOver: ReturnType<typeof setTimeout> | undefined

  connectedCallback(): void {
    const server = this.#server
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    root.adoptedStyleSheets = [sheet]
    setText(this.#title, this.getAttribute('heading') ?? 'Chat')
    if (server === undefined || this.#doctor === undefined) {
      root.replaceChildren(this.#title, 'The attributes “server” and “doctor” are not set right.')
      return
    }
    this.#notes = new LocalNotes(server)
    const portal = this.getAttribute('token-url') ?? ''
    this.#byPortal = portal !== ''
    const tokens = this.#byPortal ? portalTokens(portal) : undefined
    const removed = (by: RemovedBy): void => void this.#empty(by)
    this.#session = new Session(server, this.#notes, removed, tokens)
    this.#composer = new Composer({
      draft: this.#notes.draft,
      keep: (draft) => {
        if (this.#notes !== undefined) this.#notes.draft = draft
      },
      send: async (text) => {
        await this.#chat?.send(text)
        this.#list.toEnd()
      },
      typing: (typing) => this.#noteTyping(typing),
    })
    const names = element('div', {}, this.#title, this.#presence)
    const header = element('header', {}, names, this.#leave)
    const body = [this.#earlier, this.#list.element, this.#refused, this.#composer.element]
    root.replaceChildren(header, this.#banner, this.#unsent, ...body, this.#signIn)
    this.#leave.onclick = () => void this.#signOut()
    this.#earlier.onclick = () => this.#chat?.showEarlier()
    document.addEventListener('visibilitychange', this.#onVisible)
    window.addEventListener('focus', this.#onVisible)
    window.addEventListener('offline', this.#onOffline)
    window.addEventListener('online', this.#onOnline)
    window.addEventListener('storage', this.#onStorage)
    window.addEventListener('beforeunload', this.#onLeave)
    this.#draw()
    void canKeep().then((keeps) => {
      this.#keeps = keeps
      this.#begin()
      if (this.#byPortal) void this.#enter()
    })
  }

  /** For the portal, when somebody signs out of it: leaves nothing of them in this browser. */
  async signOut(): Promise<void> {
    await this.#session?.signOut()
    this.#notes?.forget()
    await this.#end()
  }

  async #enter(): Promise<void> {
    const entered = await this.#session?.enter()
    this.#isOthers = entered === false
    if (entered === true && this.isConnected) this.#begin()
    else if (entered === false) {
      // What is on this device is not theirs to see; it stays for whose it is.
      const chat = this.#chat
      this.#chat = undefined
      this.#list.clear()
      await chat?.close()
      this.#changed()
    } else this.#changed()
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#onVisible)
    window.removeEventListener('focus', this.#onVisible)
    window.removeEventListener('offline', this.#onOffline)
    window.removeEventListener('online', this.#onOnline)
    window.removeEventListener('storage', this.#onStorage)
    window.removeEventListener('beforeunload', this.#onLeave)
    void this.#chat?.close()
    this.#chat = undefined
    this.#list.clear()
  }

  get #server(): string | undefined {
    const address = this.getAttribute('server') ?? ''
    return URL.canParse(address) ? new URL(address).origin : undefined
  }

  get #doctor(): UserId | undefined {
    return parseUserId(this.getAttribute('doctor') ?? '')
  }

  /** Opens the chat of whose messages are here, signed in or not: reading and writing need no network. */
  #begin(): void {
    const [server, doctor, session, notes] = [
      this.#server,
      this.#doctor,
      this.#session,
      this.#notes,
    ]
    const owner = notes?.owner
    const ready = server !== undefined && doctor !== undefined && session !== undefined
    if (ready && notes !== undefined && owner !== undefined && this.isConnected) {
      const changed = (): void => this.#changed()
      const keeps = this.#keeps
      this.#chat ??= new PortalChat({ server, owner, doctor, session, notes, keeps, changed })
    }
    this.#changed()
  }

  async #signInAs(email: string, password: string): Promise<string | undefined> {
    const problem = await this.#session?.signIn(email, password)
    if (problem !== undefined) return problem
    this.#unsent.replaceChildren()
    this.#unsent.hidden = true
    if (this.#chat === undefined) this.#begin()
    else this.#chat.resume()
    return undefined
  }

  /** Ends the session, and leaves nothing to the next person. */
  async #signOut(): Promise<void> {
    const lost = this.#chat?.lines.filter(
      ({ progress }) => progress === 'saved' || progress === 'unsaved',
    )
    const many = lost?.length ?? 0
    const warning = many > 0 ? `${many} of your messages are not sent yet and will be lost. ` : ''
    if (!confirm(`${warning}Sign out, and delete the chat from this browser?`)) return
    if ((await this.#session?.signOut()) !== true) {
      setText(this.#banner, 'Signing out needs a connection. Try again.')
      this.#banner.hidden = false
      return
    }
    this.#notes?.forget()
    await this.#end()
  }

  /** The account does not have this browser any more. */
  async #empty(by: RemovedBy): Promise<void> {
    const lines = by === 'person' ? (this.#chat?.lines ?? []) : []
    const waiting = lines.filter(({ progress }) => progress === 'saved' || progress === 'unsaved')
    const texts = await Promise.all(waiting.map(({ message }) => textOf(message)))
    this.#notes?.forget()
    await this.#end()
    await this.#session?.signOut()
    const who = by === 'person' ? 'You' : 'The practice'
    const said = element('p', {}, `${who} removed this browser. The chat is deleted from it.`)
    const unsent = texts.map((text) =>
      element('p', {}, `Not sent, copy it if you need it: “${text}”`),
    )
    this.#unsent.replaceChildren(said, ...unsent)
    this.#unsent.hidden = false
  }

  async #end(): Promise<void> {
    const chat = this.#chat
    this.#chat = undefined
    this.#list.clear()
    await chat?.close(true)
    this.#changed()
  }

  /** Many changes in one go are drawn once. */
  #changed(): void {
    if (this.#drawing) return
    this.#drawing = true
    queueMicrotask(() => {
      this.#drawing = false
      this.#draw()
    })
  }

  #draw(): void {
    const chat = this.#chat
    const banner = this.#isOthers
      ? OTHERS
      : chat === undefined
        ? ''
        : bannerText(chat, this.#byPortal)
    setText(this.#banner, banner)
    this.#banner.hidden = banner === ''
    this.#leave.hidden = chat === undefined || this.#byPortal
    this.#list.element.hidden = chat === undefined
    if (this.#composer !== undefined) this.#composer.element.hidden = chat === undefined
    this.#signIn.hidden = this.#byPortal || (chat !== undefined && chat.state !== 'signed-out')
    this.#earlier.hidden = chat?.hasEarlier !== true
    if (chat === undefined) return setText(this.#presence, '')
    const presence = presenceText(chat)
    const name = chat.doctorName ?? ''
    setText(this.#presence, presence === '' ? name : `${name} ${presence}`)
    this.#list.show(chat.lines)
    this.#drawRefused()
    this.#noteSeen()
  }

  #drawRefused(): void {
    const notes = this.#notes
    const texts = notes?.refused ?? []
    this.#refused.hidden = texts.length === 0
    if (this.#refused.childElementCount === 3 * texts.length || notes === undefined) return
    this.#refused.replaceChildren(
      ...texts.flatMap((text) => {
        const drop = (): void => {
          notes.refused = notes.refused.filter((one) => one !== text)
          this.#changed()
        }
        const again = (): void => {
          this.#composer?.insert(text)
          drop()
        }
        const quiet = { type: 'button', className: 'quiet' } as const
        return [
          element('p', {}, `The practice did not accept: “${text}”`),
          element('button', { ...quiet, onclick: again }, 'Put it back into the text field'),
          element('button', { ...quiet, onclick: drop }, 'Delete it'),
        ]
      }),
    )
  }

  /** What is on the screen of a page that has the focus was read. */
  #noteSeen(): void {
    const chat = this.#chat
    if (chat === undefined || document.visibilityState !== 'visible' || !document.hasFocus()) return
    const seen = new Set(
      chat.lines.filter((line) => this.#list.isVisible(line)).map(({ message }) => message),
    )
    if (seen.size > 0) chat.noteSeen((message) => seen.has(message))
  }

  #noteTyping(typing: boolean): void {
    clearTimeout(this.#typingOver)
    const now = performance.now()
    if (typing) {
      this.#typingOver = setTimeout(() => this.#noteTyping(false), OVER_AFTER)
      if (now - this.#saidAt < SAID_EVERY) return
      this.#saidAt = now
    } else this.#saidAt = Number.NEGATIVE_INFINITY
    this.#chat?.setTyping(typing)
  }
}

const textOf = async ({ body }: Message): Promise<string> => {
  const opened = body === null ? undefined : await openBody(body)
  return opened?.kind === 'content' ? opened.content.text : ''
}

customElements.define('wardline-chat', WardlineChat)
