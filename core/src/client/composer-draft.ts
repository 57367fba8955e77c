/**
 * What stands unfinished in the composer of a chat: a message, which may answer one, and above it
 * the change of an own message, which comes first. Kept on this device only.
 */
import type { ChatId } from '../ids/ids.ts'
import { type MessageKey, parseMessageKey } from './message-key.ts'

export interface ComposerDraft {
  /** Of the message that is being written. */
  readonly text: string
  /** The message that it answers. */
  readonly replyTo: MessageKey | null
  /** The own message that is being changed, and what it is to say. */
  readonly edit: { readonly key: MessageKey; readonly text: string } | null
}

/** What a device keeps of it. */
export interface ChatDraft {
  chat: ChatId
  draft: ComposerDraft
}

export const noDraft: ComposerDraft = { text: '', replyTo: null, edit: null }

export const isEmptyDraft = ({ text, replyTo, edit }: ComposerDraft): boolean =>
  text === '' && replyTo === null && edit === null

export const isSameDraft = (a: ComposerDraft, b: ComposerDraft): boolean =>
  a.text === b.text &&
  a.replyTo === b.replyTo &&
  a.edit?.key === b.edit?.key &&
  a.edit?.text === b.edit?.text

// What is left of a draft once something of it is done. The same object when nothing was of it.

export const afterMessage = (draft: ComposerDraft): ComposerDraft =>
  draft.text === '' && draft.replyTo === null ? draft : { ...draft, text: '', replyTo: null }

/** Files go with words of their own: what is written stays, and answers nothing any more. */
export const afterFiles = (draft: ComposerDraft, replyTo: string | undefined): ComposerDraft =>
  replyTo === undefined || draft.replyTo !== replyTo ? draft : { ...draft, replyTo: null }

export const afterEdit = (draft: ComposerDraft, key: string): ComposerDraft =>
  draft.edit?.key === key ? { ...draft, edit: null } : draft

/** Reads what a disk or another tab gave. Once there was only the text. */
export const parseDraft = (value: unknown): ComposerDraft | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { text, replyTo, edit } = value as Record<string, unknown>
  if (typeof text !== 'string') return undefined
  const key = typeof replyTo === 'string' ? parseMessageKey(replyTo) : undefined
  return { text, replyTo: key ?? null, edit: parseEdit(edit) }
}

const parseEdit = (value: unknown): ComposerDraft['edit'] => {
  if (typeof value !== 'object' || value === null) return null
  const { key, text } = value as Record<string, unknown>
  const parsed = typeof key === 'string' ? parseMessageKey(key) : undefined
  return parsed === undefined || typeof text !== 'string' ? null : { key: parsed, text }
}
