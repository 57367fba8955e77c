/** Where the app is, kept in the hash so that links, Back and reload work from any static host. */
import { type ChatId, parseChatId } from '@wardline/core/base/ids'

const CHAT = '#/chat/'

export const chatHash = (chat: ChatId): string => `${CHAT}${encodeURIComponent(chat)}`

/** The chat of a hash; null for the list, and for anything that is not a chat's id. */
export const chatOfHash = (hash: string): ChatId | null => {
  if (!hash.startsWith(CHAT)) return null
  try {
    return parseChatId(decodeURIComponent(hash.slice(CHAT.length))) ?? null
  } catch {
    return null
  }
}

const SIGN_IN = '#sign-in='

/** What became of signing in at the identity provider, of the hash with which it sends back. */
export const signInOfHash = (hash: string): string | null =>
  hash.startsWith(SIGN_IN) ? hash.slice(SIGN_IN.length) : null

/**
 * How to go somewhere. The list lies under every chat: Back from a chat is always the list, as in
 * a phone's app, however many chats were looked at.
 */
export const navigation = (
  from: ChatId | null,
  to: ChatId | null,
  listBelow: boolean,
): 'stay' | 'push' | 'replace' | 'back' => {
  if (from === to) return 'stay'
  if (from === null) return 'push'
  if (to === null) return listBelow ? 'back' : 'replace'
  return 'replace'
}
