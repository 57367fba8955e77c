/**
 * Keeps one socket to the server: gets a token, dials, says hello through the sync machine, waits
 * with full jitter after a failure, wakes up when the device does, and probes a socket that has
 * been silent, because a phone does not tell when its network is gone.
 */
import { CloseCode, mayRetry } from '../../protocol/close-code.ts'
import { FrameError, readServerFrame, type ServerFrame } from '../../protocol/frames.ts'
import { Age } from '../../time/age.ts'
import { Backoff, chanceFrom } from '../../time/backoff.ts'
import type {
  ClientSocket,
  Dial,
  FreshToken,
  GetToken,
  RandomBytes,
  Timers,
} from '../model/ports.ts'

/** A socket that was open for less than `steady` did not help, however friendly its welcome was. */
const WAITS = { first: 500, longest: 30_000, least: 50, steady: 10_000 }
/** After an attempt that the device woke up in the middle of. */
const AFTER_WAKE = 100
/** For what only a change elsewhere can mend: a newer program, a closed account. */
const REFUSED_WAITS = { first: 60_000, longest: 60_000, least: 10_000 }
/** Between renewals of a token that did not help. */
const RENEWALS = { first: 1_000, longest: 60_000, least: 500 }
/** How long nothing may come before it is asked whether the server is there. */
const HEARTBEAT = 25_000
const HEARTBEAT_ANSWER = 10_000
/** While somebody looks at the screen, and believes what it says about the connection. */
const ATTENDED_HEARTBEAT = 6_000
/** At least; where the network is slow, as many times what the last answer took. */
const ATTENDED_ANSWER = 3_000
const TIMES_SLOWER = 3
const WAKE_ANSWER = 2_500
/** On the word of the device that its network is gone. */
const LOST_ANSWER = 1_000
/** How long nothing at all may come after something that the server answers. */
const SEND_ANSWER = 5_000
/** How long a socket may take to open. A network that swallows everything says no for minutes. */
const DIAL_LIMIT = 15_000
/** How long before its expiry, in ms, a token is renewed. */
const RENEW_BEFORE = 60_000

interface ConnectorEvents {
  /** The socket is open. */
  opened(token: string): void
  frame(frame: ServerFrame): void
  closed(): void
  ping(): void
  /** There is a fresh token, which was asked for so long ago, ms. */
  renew(answer: FreshToken, waited: number): void
  changed(): void
}

type State =
  | { state: 'stopped' }
  /** Until `start` is called again: the session ended. */
  | { state: 'signed-out' }
  | { state: 'waiting'; cancel: () => void }
  | { state: 'dialling'; socket: ClientSocket | null }
  | {
      state: 'open'
      socket: ClientSocket
      openFor: Age
      /** ms since 1970, for people. */
      heardAt: number
      silentFor: Age
      probe: { cancel: () => void; sent: Age } | null
    }

export interface ConnectorOptions {
  dial: Dial
  getToken: GetToken
  timers: Timers
  random: RandomBytes
  events: ConnectorEvents
}

export class Connector {
  readonly #options: ConnectorOptions
  #state: State = { state: 'stopped' }
  readonly #backoff: Backoff
  readonly #refused: Backoff
  readonly #renewals: Backoff
  /** Tells answers of an earlier attempt apart. */
  #attempt = 0
  #attended = false
  /** What the last answer to a probe took, ms. */
  #answerTook = 0
  /** Woken up while an attempt was under way. */
  #woken = false
  #cancelRenewal = () => {}
  #cancelHeartbeat = () => {}
  #cancelDialLimit = () => {}
  #cancelSilence: (() => void) | undefined

  constructor(options: ConnectorOptions) {
    this.#options = options
    const chance = chanceFrom(options.random)
    this.#backoff = new Backoff(WAITS, chance)
    this.#refused = new Backoff(REFUSED_WAITS, chance)
    this.#renewals = new Backoff(RENEWALS, chance)
  }

  get phase(): 'signed-out' | 'offline' | 'connecting' | 'open' {
    const { state } = this.#state
    if (state === 'stopped' || state === 'waiting') return 'offline'
    return state === 'dialling' ? 'connecting' : state
  }

  /** When the server was last heard of, ms; undefined while there is no connection. */
  get heardAt(): number | undefined {
    return this.#state.state === 'open' ? this.#state.heardAt : undefined
  }

  start(): void {
    if (this.#state.state === 'stopped' || this.#state.state === 'signed-out') void this.#dial()
  }

  stop(): void {
    this.#drop()
    this.#set({ state: 'stopped' })
  }

  /** The device woke up, or the person asks: now is a better time than later. */
  wake(): void {
    if (this.#state.state === 'waiting') {
      this.#state.cancel()
      this.#backoff.reset()
      void this.#dial()
    } else if (this.#state.state === 'open') this.#probe(WAKE_ANSWER)
    // The attempt under way may have begun too early: the next one follows at once.
    else if (this.#state.state === 'dialling') this.#woken = true
  }

  /** Whether somebody looks at the screen: then a silence is looked into sooner. */
  attend(attended: boolean): void {
    if (attended === this.#attended) return
    this.#attended = attended
    if (this.#state.state === 'open') this.#beat()
  }

  /** The device says that it has a network now, or that it has none. */
  network(there: boolean): void {
    if (there) this.#networkCame()
    else this.#networkWent()
  }

  #networkCame(): void {
    if (this.#state.state !== 'dialling') return this.wake()
    // What was begun without one may hang until its limit, and so may its name lookup.
    this.#drop()
    this.#backoff.reset()
    void this.#dial()
  }

  /** A socket does not notice by itself. */
  #networkWent(): void {
    if (this.#state.state !== 'open') return
    // A probe with more patience may be under way.
    this.#state.probe?.cancel()
    this.#state.probe = null
    this.#probe(LOST_ANSWER)
  }

  /** Begins again with a new socket, after a wait. */
  reconnect(): void {
    if (this.#state.state === 'open' || this.#state.state === 'dialling') {
      this.#drop()
      this.#wait(this.#backoff.next())
    }
  }

  send(bytes: Uint8Array): void {
    if (this.#state.state === 'open') this.#state.socket.send(bytes)
  }

  /** Something went out that the server answers: a silence after it is looked into. */
  expectAnswer(): void {
    if (this.#state.state !== 'open' || this.#cancelSilence !== undefined) return
    this.#cancelSilence = this.#options.timers.after(SEND_ANSWER, () => {
      this.#cancelSilence = undefined
      this.#probe(WAKE_ANSWER)
    })
  }

  /** Renews the token, which is good for so much longer, ms, before it runs out. */
  keepAlive(life: number): void {
    this.#cancelRenewal()
    const wait = life - RENEW_BEFORE
    if (wait > 0) this.#renewals.reset()
    // A token that is old when it comes, or a clock that says so: the next one may be no younger.
    this.#renewIn(wait > 0 ? wait : this.#renewals.next())
  }

  #renewIn(ms: number): void {
    this.#cancelRenewal = this.#options.timers.after(ms, () => void this.#renew())
  }

  async #renew(): Promise<void> {
    const attempt = this.#attempt
    const asked = new Age(this.#options.timers)
    const answer = await this.#options.getToken()
    if (attempt !== this.#attempt || this.#state.state !== 'open') return
    // When there is none in the end, the socket is closed at the end of the one it has.
    if (answer.kind === 'unreachable') return this.#renewIn(this.#renewals.next())
    if (answer.kind === 'token') this.#options.events.renew(answer, asked.ms)
  }

  async #dial(): Promise<void> {
    const attempt = ++this.#attempt
    this.#set({ state: 'dialling', socket: null })
    const answer = await this.#options.getToken()
    if (attempt !== this.#attempt) return
    if (answer.kind === 'signed-out') return this.#set({ state: 'signed-out' })
    if (answer.kind === 'unreachable') return this.#wait(this.#backoff.next())
    const socket = this.#options.dial({
      opened: () => {
        if (attempt !== this.#attempt) return
        this.#cancelDialLimit()
        const { timers } = this.#options
        const [openFor, silentFor] = [new Age(timers), new Age(timers)]
        this.#set({
          state: 'open',
          socket,
          openFor,
          heardAt: timers.now(),
          silentFor,
          probe: null,
        })
        this.#beat()
        this.#options.events.opened(answer.token)
      },
      received: (bytes) => {
        if (attempt === this.#attempt) this.#heard(bytes)
      },
      closed: (code) => {
        if (attempt !== this.#attempt) return
        this.#drop()
        // A token that is no longer good: the next attempt gets another one.
        const again = mayRetry(code) || code === CloseCode.unauthorized
        this.#wait(again ? this.#backoff.next() : this.#refused.next())
      },
    })
    if (this.#state.state !== 'dialling' || attempt !== this.#attempt) return
    this.#set({ state: 'dialling', socket })
    this.#cancelDialLimit = this.#options.timers.after(DIAL_LIMIT, () => this.reconnect())
  }

  #heard(bytes: Uint8Array): void {
    if (this.#state.state !== 'open') return
    this.#state.heardAt = this.#options.timers.now()
    this.#state.silentFor = new Age(this.#options.timers)
    this.#state.probe?.cancel()
    if (this.#state.probe !== null) this.#answerTook = this.#state.probe.sent.ms
    this.#state.probe = null
    this.#cancelSilence?.()
    this.#cancelSilence = undefined
    let frame: ServerFrame
    try {
      frame = readServerFrame(bytes)
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      // Not a server that this version understands.
      this.#drop()
      return this.#wait(this.#refused.next())
    }
    this.#options.events.frame(frame)
  }

  /** Looks again when the silence will have lasted too long, if it lasts. */
  #beat(): void {
    this.#cancelHeartbeat()
    if (this.#state.state !== 'open') return
    const most = this.#attended ? ATTENDED_HEARTBEAT : HEARTBEAT
    const left = most - this.#state.silentFor.ms
    if (left <= 0) this.#probe(this.#answerLimit)
    this.#cancelHeartbeat = this.#options.timers.after(left > 0 ? left : most, () => this.#beat())
  }

  get #answerLimit(): number {
    if (!this.#attended) return HEARTBEAT_ANSWER
    return Math.min(HEARTBEAT_ANSWER, Math.max(ATTENDED_ANSWER, TIMES_SLOWER * this.#answerTook))
  }

  #probe(within: number): void {
    if (this.#state.state !== 'open' || this.#state.probe !== null) return
    this.#options.events.ping()
    const cancel = this.#options.timers.after(within, () => {
      this.#drop()
      this.#wait(this.#backoff.next())
    })
    this.#state.probe = { cancel, sent: new Age(this.#options.timers) }
  }

  #wait(ms: number): void {
    if (this.#woken) this.#backoff.reset()
    const wait = this.#woken ? Math.min(ms, AFTER_WAKE) : ms
    this.#woken = false
    const cancel = this.#options.timers.after(wait, () => void this.#dial())
    this.#set({ state: 'waiting', cancel })
  }

  /** Lets go of whatever the state holds. */
  #drop(): void {
    this.#attempt++
    this.#cancelRenewal()
    this.#cancelHeartbeat()
    this.#cancelDialLimit()
    this.#cancelSilence?.()
    this.#cancelSilence = undefined
    const state = this.#state
    if (state.state === 'waiting') state.cancel()
    if (state.state === 'dialling') state.socket?.close()
    if (state.state !== 'open') return
    state.probe?.cancel()
    this.#backoff.held(state.openFor.ms)
    state.socket.close()
    this.#options.events.closed()
  }

  #set(state: State): void {
    this.#state = state
    this.#options.events.changed()
  }
}
