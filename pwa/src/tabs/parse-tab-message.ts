/**
 * Reads what another tab posted. It may run an older or a newer version of this program, so that
 * what cannot be read is dropped.
 */
import { parseDraft } from '@wardline/core/client/composer-draft'
import type { TabMessage } from '@wardline/core/client/tab-bus'
import type { ConnectionView } from '@wardline/core/client/views'
import {
  type DocName,
  docNameOf,
  parseChatId,
  parseDocName,
  parseUserId,
} from '@wardline/core/ids/ids'
import type { PersonPresence } from '@wardline/core/protocol/frames'

export interface Posted {
  /** Which tab. */
  from: string
  message: TabMessage
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}

const docOf = (value: unknown): DocName | undefined => {
  const ref = typeof value === 'string' ? parseDocName(value) : undefined
  return ref && docNameOf(ref)
}

/** undefined when one of them cannot be read. */
const allOf = <T>(value: unknown, read: (value: unknown) => T | undefined): T[] | undefined => {
  if (!Array.isArray(value)) return undefined
  const readable = value.map(read).filter((each) => each !== undefined)
  return readable.length === value.length ? readable : undefined
}

const connectionOf = (value: unknown): ConnectionView | undefined => {
  const { phase, behind } = fieldsOf(value)
  switch (phase) {
    case 'signed-out':
    case 'offline':
    case 'connecting':
    case 'live':
      return { phase }
    case 'syncing':
      return typeof behind === 'number' ? { phase, behind } : undefined
    default:
      return undefined
  }
}

const presenceOf = (value: unknown): PersonPresence | undefined => {
  const { user, online, lastSeenAt } = fieldsOf(value)
  const id = typeof user === 'string' ? parseUserId(user) : undefined
  if (id === undefined || typeof online !== 'boolean' || typeof lastSeenAt !== 'number')
    return undefined
  return { user: id, online, lastSeenAt }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const parseTabMessage = (value: unknown): TabMessage | undefined => {
  const fields = fieldsOf(value)
  const doc = docOf(fields.doc)
  const chat = typeof fields.chat === 'string' ? parseChatId(fields.chat) : undefined
  const draft = parseDraft(fields.draft)
  switch (fields.type) {
    case 'hello':
    case 'wake':
    case 'attend':
    case 'signed-in':
      return { type: fields.type }
    case 'rows':
    case 'replaced':
      return doc && { type: fields.type, doc }
    case 'acknowledged':
      return doc && typeof fields.upTo === 'number'
        ? { type: 'acknowledged', doc, upTo: fields.upTo }
        : undefined
    case 'draft':
      return chat && draft && { type: 'draft', chat, draft }
    case 'outgoing':
      return chat && { type: 'outgoing', chat }
    case 'transfer': {
      const { id, hash, sent } = fields
      return typeof id === 'string' && typeof hash === 'string' && typeof sent === 'number'
        ? { type: 'transfer', id, hash, sent }
        : undefined
    }
    case 'typing':
      return chat && typeof fields.typing === 'boolean'
        ? { type: 'typing', chat, typing: fields.typing }
        : undefined
    case 'want': {
      const docs = allOf(fields.docs, docOf)
      return docs && { type: 'want', docs }
    }
    case 'connection': {
      const connection = connectionOf(fields.connection)
      return connection && { type: 'connection', connection }
    }
    case 'presence': {
      const people = allOf(fields.people, presenceOf)
      return people && { type: 'presence', people }
    }
    case 'typists': {
      const users = allOf(fields.users, textOf)
      return chat && users && { type: 'typists', chat, users }
    }
    default:
      return undefined
  }
}

export const parsePosted = (value: unknown): Posted | undefined => {
  const { from, message } = fieldsOf(value)
  const parsed = parseTabMessage(message)
  return parsed && typeof from === 'string' ? { from, message: parsed } : undefined
}
