/**
 * Direct chats in which one of the two takes no messages any more: the setting `blocked` of that
 * person, which their devices can make offline, made to hold. What the other writes is refused, so
 * that no tick is untrue, and both are told, in their own documents. Who has no account any more
 * takes none either.
 */
import type { MemberIndex } from '@wardline/core/base/client-id'
import type { ChatId } from '@wardline/core/base/ids'
import type { Timers } from '../base/timers.ts'
import type { Directory } from '../directory/directory.ts'
import type { Preferences } from '../directory/preferences.ts'
import type { Log } from './ports.ts'

/** Milliseconds between two looks at the same chat: the setting can change as often as one likes. */
const REST = 250
/** Chats of which it is kept in memory; others are looked at again when somebody writes. */
const KEPT = 20_000

interface State {
  /** Who takes no messages. */
  closedBy: ReadonlySet<MemberIndex>
  /** Something may be different by now. */
  stale: boolean
  looking: Promise<void> | undefined
  rests: boolean
}

export interface ClosingsOptions {
  readonly directory: Pick<Directory, 'chatOf' | 'closeChat'>
  readonly prefs: Pick<Preferences, 'of'>
  readonly timers: Timers
  readonly log: Log
}

export class Closings {
  readonly #options: ClosingsOptions
  readonly #chats = new Map<ChatId, State>()

  constructor(options: ClosingsOptions) {
    this.#options = options
  }

  /** Whether {@link refuses} knows. */
  isSettled(chat: ChatId): boolean {
    if (!isDirect(chat)) return true
    return this.#chats.get(chat)?.stale === false
  }

  /** Whether the other person takes no messages of this member. */
  refuses(chat: ChatId, from: MemberIndex): boolean {
    for (const index of this.#chats.get(chat)?.closedBy ?? []) if (index !== from) return true
    return false
  }

  /** Somebody changed the setting, or has no account any more. */
  changed(chat: ChatId): void {
    const state = this.#state(chat)
    state.stale = true
    this.settle(chat).catch((error: unknown) => {
      this.#options.log('warn', 'closing.failed', { chat, message: String(error) })
    })
  }

  /** Resolves when it is known. Rejects with `StoreError`. */
  async settle(chat: ChatId): Promise<void> {
    if (!isDirect(chat)) return
    const state = this.#state(chat)
    while (state.stale) {
      state.looking ??= this.#look(chat, state).finally(() => {
        state.looking = undefined
      })
      await state.looking
    }
  }

  /** After a failed write nobody knows what the store holds until it is read again. */
  forget(): void {
    for (const state of this.#chats.values()) state.stale = true
  }

  async #look(chat: ChatId, state: State): Promise<void> {
    const { directory, prefs, timers } = this.#options
    if (state.rests) await new Promise<void>((go) => timers.after(REST, go))
    state.rests = true
    state.stale = false
    try {
      const blockedBy: MemberIndex[] = []
      const members = (await directory.chatOf(chat))?.members ?? []
      for (const { userId, index } of members)
        if ((await prefs.of(userId, chat)).blocked) blockedBy.push(index)
      const gone = members.filter(({ closed }) => closed === true)
      state.closedBy = new Set([...blockedBy, ...gone.map(({ index }) => index)])
      await directory.closeChat(chat, blockedBy)
    } catch (error) {
      state.stale = true
      throw error
    }
  }

  #state(chat: ChatId): State {
    let state = this.#chats.get(chat)
    if (state === undefined) {
      state = { closedBy: new Set(), stale: true, looking: undefined, rests: false }
      this.#chats.set(chat, state)
      for (const oldest of this.#chats.keys()) {
        if (this.#chats.size <= KEPT) break
        this.#chats.delete(oldest)
      }
    }
    return state
  }
}

const isDirect = (chat: ChatId): boolean => chat.startsWith('dm.')
