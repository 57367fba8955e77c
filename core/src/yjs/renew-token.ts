/**
 * Keeps a provider of y-websocket admitted. Its socket ends with its access token, which the plain
 * endpoint cannot renew ([PLAIN-7] in docs/protocol.md): the provider takes the close code 4401 for
 * final and stops, and is started here again with a fresh token.
 */
import { CloseCode } from '../protocol/close-code.ts'
import { plainProtocols } from '../protocol/plain-protocols.ts'
import { Backoff } from '../time/backoff.ts'

/** What is used of y-websocket's `WebsocketProvider`. */
export interface RenewableProvider {
  protocols: string[]
  connect(): void
  disconnect(): void
  on(event: 'closed', listener: (event: ClosedEvent) => void): void
  on(event: 'sync', listener: (synced: boolean) => void): void
  off(event: 'closed', listener: (event: ClosedEvent) => void): void
  off(event: 'sync', listener: (synced: boolean) => void): void
}

/** How the server ended a connection for good. */
export interface ClosedEvent {
  readonly code: number
  readonly reason: string
}

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: string }
  /** The session ended: only signing in helps. */
  | { readonly kind: 'signed-out' }
  /** Nobody could be asked, or answered. */
  | { readonly kind: 'unreachable' }

/**
 * Gets an access token. Must not reject.
 *
 * @param refused the one that the server does not take, or takes no more; not to be given again
 */
export type TokenSource = (refused?: string) => Promise<TokenAnswer>

export interface RenewTokenOptions {
  readonly getToken: TokenSource
  /** The session ended; {@link Admission.connect} goes on when somebody has signed in. */
  readonly onSignedOut?: () => void
  /** The server refused for another reason than the token; the provider has stopped. */
  readonly onRefused?: (event: ClosedEvent) => void
  /** Calls back once after `ms`; returns the function that prevents it. For tests. */
  readonly after?: (ms: number, callback: () => void) => () => void
}

export interface Admission {
  /** Connects, with a token, now and whenever the connection is lost. */
  connect(): void
  /** Until {@link connect}. */
  disconnect(): void
  /** Leaves the provider alone from now on, disconnected. */
  stop(): void
}

/** Between attempts to get a token that the server takes, ms. */
const WAITS = { first: 500, longest: 30_000, least: 100 }

const afterTimeout = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/**
 * Makes a provider that was made with `connect: false` connect with tokens of `getToken`.
 *
 * @example
 *   const provider = new WebsocketProvider(`${server}/sync`, page, doc, { connect: false })
 *   renewToken(provider, { getToken }).connect()
 */
export const renewToken = (
  provider: RenewableProvider,
  { getToken, onSignedOut, onRefused, after = afterTimeout }: RenewTokenOptions,
): Admission => {
  const backoff = new Backoff(WAITS, Math.random)
  let token: string | undefined
  let wanted = false
  /** Grows with each change of mind: an answer from before counts no more. */
  let attempt = 0
  let cancelWait = (): void => {}

  const begin = async (refused?: string): Promise<void> => {
    const own = ++attempt
    const answer = await getToken(refused)
    if (own !== attempt || !wanted) return
    if (answer.kind === 'token') {
      token = answer.token
      provider.protocols = plainProtocols(token)
      provider.connect()
    } else if (answer.kind === 'unreachable') again(refused)
    else {
      wanted = false
      onSignedOut?.()
    }
  }
  const again = (refused?: string): void => {
    cancelWait()
    cancelWait = after(backoff.next(), () => void begin(refused))
  }
  const onClosed = (event: ClosedEvent): void => {
    if (event.code === CloseCode.unauthorized) return void (wanted && again(token))
    wanted = false
    onRefused?.(event)
  }
  const onSync = (synced: boolean): void => {
    if (synced) backoff.reset()
  }
  const disconnect = (): void => {
    wanted = false
    attempt++
    cancelWait()
    provider.disconnect()
  }
  provider.on('closed', onClosed)
  provider.on('sync', onSync)
  return {
    connect() {
      if (wanted) return
      wanted = true
      backoff.reset()
      void begin()
    },
    disconnect,
    stop() {
      disconnect()
      provider.off('closed', onClosed)
      provider.off('sync', onSync)
    },
  }
}
