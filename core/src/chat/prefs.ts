/**
 * A person's own settings of their chats, in their own document, so that all their devices agree:
 * the last one to change a setting wins.
 */
import { type ChatId, parseChatId } from '../base/ids.ts'

export interface ChatPrefs {
  pinned: boolean
  muted: boolean
  /** When it was put away, ms; null when it is not. */
  archivedAt: number | null
  /**
   * How many messages of others were there when it was put away: one more brings it back. Null
   * where a program put it away that did not count.
   */
  archivedWith: number | null
  markedUnread: boolean
  /** One of the patients to be seen; see `Rounds`. */
  onRounds: boolean
  /** Of a direct chat: what the other writes is not taken any more. */
  blocked: boolean
}

export const noPrefs: ChatPrefs = {
  pinned: false,
  muted: false,
  archivedAt: null,
  archivedWith: null,
  markedUnread: false,
  onRounds: false,
  blocked: false,
}

/** Keys in the map `prefs`: the setting, and the chat that it is of. */
const keys = {
  pinned: 'pinned',
  muted: 'muted',
  archivedAt: 'archived',
  archivedWith: 'archived-with',
  markedUnread: 'unread',
  onRounds: 'rounds',
  blocked: 'blocked',
}

/** The chat of a key that blocks it. */
export const blockedChatOf = (key: string): ChatId | undefined => {
  const [setting, id = ''] = key.split('/')
  return setting === keys.blocked ? parseChatId(id) : undefined
}

export const prefKey = (setting: keyof ChatPrefs, chat: ChatId): string =>
  `${keys[setting]}/${chat}`

/** Reads the settings of a chat; give it the map's `get`. What cannot be read counts as not set. */
export const readChatPrefs = (get: (key: string) => unknown, chat: ChatId): ChatPrefs => {
  const archivedAt = get(prefKey('archivedAt', chat))
  const archivedWith = get(prefKey('archivedWith', chat))
  return {
    pinned: get(prefKey('pinned', chat)) === true,
    muted: get(prefKey('muted', chat)) === true,
    archivedAt: typeof archivedAt === 'number' ? archivedAt : null,
    archivedWith: typeof archivedWith === 'number' ? archivedWith : null,
    markedUnread: get(prefKey('markedUnread', chat)) === true,
    onRounds: get(prefKey('onRounds', chat)) === true,
    blocked: get(prefKey('blocked', chat)) === true,
  }
}
