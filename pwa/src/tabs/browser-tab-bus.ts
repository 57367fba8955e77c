/**
 * The tabs of one person in one browser profile: a BroadcastChannel to talk, and a Web Lock that
 * the leader holds as long as its page lives. A browser without either (or a page that was not
 * loaded securely) gets a tab that works alone.
 */

import type { UserId } from '@wardline/core/base/ids'
import { type Posted, parsePosted } from '@wardline/core/client/sync/parse-tab-message'
import { soloBus, type TabBus, type TabMessage } from '@wardline/core/client/sync/tab-bus'

/** What of the browser is used. */
export interface TabSurroundings {
  channel: ((name: string) => BroadcastChannel) | undefined
  locks: Pick<LockManager, 'request'> | undefined
  /** The window, for `pagehide` and `pageshow`. */
  page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  /** Names this tab. */
  tab: string
  /** Begins again with a fresh page. */
  reload(): void
}

const browserSurroundings = (): TabSurroundings => ({
  channel: 'BroadcastChannel' in globalThis ? (name) => new BroadcastChannel(name) : undefined,
  // Typed as always there, and missing on pages that were not loaded securely.
  locks: (navigator as { locks?: LockManager }).locks,
  page: window,
  tab: crypto.getRandomValues(new Uint32Array(2)).join('-'),
  reload: () => location.reload(),
})

export const browserTabBus = (
  user: UserId,
  surroundings: TabSurroundings = browserSurroundings(),
): TabBus => {
  const { channel, locks } = surroundings
  return channel === undefined || locks === undefined
    ? soloBus()
    : new BrowserTabBus(user, channel(`wardline-${user}`), locks, surroundings)
}

type Leading =
  | { kind: 'not-asked' }
  /** For the lock, which another tab may hold. */
  | { kind: 'waiting'; elected: () => void; abort: AbortController }
  | { kind: 'leader'; release: () => void }
  /** Put into the back/forward cache while waiting. */
  | { kind: 'paused'; elected: () => void }
  /** Put into the back/forward cache as the leader: another tab leads now. */
  | { kind: 'deposed' }
  | { kind: 'closed' }

class BrowserTabBus implements TabBus {
  readonly #channel: BroadcastChannel
  readonly #locks: Pick<LockManager, 'request'>
  readonly #surroundings: TabSurroundings
  readonly #lock: string
  #leading: Leading = { kind: 'not-asked' }

  constructor(
    user: UserId,
    channel: BroadcastChannel,
    locks: Pick<LockManager, 'request'>,
    surroundings: TabSurroundings,
  ) {
    this.#channel = channel
    this.#locks = locks
    this.#surroundings = surroundings
    this.#lock = `wardline-leader-${user}`
    surroundings.page.addEventListener('pagehide', this.#hidden)
    surroundings.page.addEventListener('pageshow', this.#shown)
  }

  post(message: TabMessage): void {
    if (this.#leading.kind === 'closed') return
    const posted: Posted = { from: this.#surroundings.tab, message }
    this.#channel.postMessage(posted)
  }

  onMessage(listener: (message: TabMessage, from: string) => void): void {
    this.#channel.addEventListener('message', ({ data }) => {
      const posted = parsePosted(data)
      if (posted !== undefined) listener(posted.message, posted.from)
    })
  }

  lead(elected: () => void): void {
    if (this.#leading.kind === 'not-asked') this.#ask(elected)
  }

  close(): void {
    this.#leave({ kind: 'closed' })
    this.#surroundings.page.removeEventListener('pagehide', this.#hidden)
    this.#surroundings.page.removeEventListener('pageshow', this.#shown)
    this.#channel.close()
  }

  #ask(elected: () => void): void {
    const abort = new AbortController()
    const waiting: Leading = { kind: 'waiting', elected, abort }
    this.#leading = waiting
    this.#locks
      .request(this.#lock, { signal: abort.signal }, () => {
        if (this.#leading !== waiting) return undefined
        return new Promise<void>((release) => {
          this.#leading = { kind: 'leader', release }
          elected()
        })
      })
      .catch((error: unknown) => {
        if (abort.signal.aborted) return
        if (this.#leading !== waiting) throw error
        // The browser has locks and will not give one: rather two leaders than none.
        this.#leading = { kind: 'leader', release: () => {} }
        elected()
      })
  }

  #leave(next: Leading): void {
    const before = this.#leading
    this.#leading = next
    if (before.kind === 'waiting') before.abort.abort()
    if (before.kind === 'leader') before.release()
  }

  /** A page in the back/forward cache does not run: it must neither lead nor be elected. */
  readonly #hidden = (event: Event): void => {
    if (!('persisted' in event && event.persisted)) return
    if (this.#leading.kind === 'leader') this.#leave({ kind: 'deposed' })
    else if (this.#leading.kind === 'waiting')
      this.#leave({ kind: 'paused', elected: this.#leading.elected })
  }

  /** Back from there. A leader was told once that it leads, and cannot unlearn it. */
  readonly #shown = (event: Event): void => {
    if (!('persisted' in event && event.persisted)) return
    if (this.#leading.kind === 'deposed') this.#surroundings.reload()
    else if (this.#leading.kind === 'paused') this.#ask(this.#leading.elected)
  }
}
