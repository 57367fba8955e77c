/**
 * What stands unfinished in the composer of a chat: a message, which may answer one, and above it
 * the change of an own message, which comes first. Kept on this device only.
 */
import type { ChatId } from '../../base/ids.ts'
import { type MessageKey, parseMessageKey } from './message-key.ts'
import type { RandomBytes } from './ports.ts'

export interface ComposerDraft {
  /**
   * Names this piece of writing, in whatever tab it is shown; '' for one without a name. It is sent
   * once under this name.
   */
  readonly id: string
  /** Of the message that is being written. */
  readonly text: string
  /** The message that it answers. */
  readonly replyTo: MessageKey | null
  /** The own message that is being changed, and what it is to say. */
  readonly edit: { readonly key: MessageKey; readonly text: string } | null
  /** What is being written below files that were picked. */
  readonly caption: string
}

/** What a device keeps of it. */
export interface ChatDraft {
  chat: ChatId
  draft: ComposerDraft
}

export const noDraft: ComposerDraft = { id: '', text: '', replyTo: null, edit: null, caption: '' }

/** A new name, of random bytes. */
export const draftId = (random: RandomBytes): string =>
  [...random(10)].map((byte) => byte.toString(36).padStart(2, '0')).join('')

export const isEmptyDraft = ({ text, replyTo, edit, caption }: ComposerDraft): boolean =>
  text === '' && replyTo === null && edit === null && caption === ''

/** Whether they say the same, whatever their names. */
export const isSameDraft = (a: ComposerDraft, b: ComposerDraft): boolean =>
  a.text === b.text &&
  a.caption === b.caption &&
  a.replyTo === b.replyTo &&
  a.edit?.key === b.edit?.key &&
  a.edit?.text === b.edit?.text

// What is left of a draft once something of it is done. The same object when nothing was of it.

export const afterMessage = (draft: ComposerDraft): ComposerDraft =>
  draft.text === '' && draft.replyTo === null && draft.caption === ''
    ? draft
    : { ...draft, text: '', replyTo: null, caption: '' }

/** Files go with words of their own: what is written stays, and answers nothing any more. */
export const afterFiles = (draft: ComposerDraft, replyTo: string | undefined): ComposerDraft => {
  const answered = replyTo !== undefined && draft.replyTo === replyTo
  if (!answered && draft.caption === '') return draft
  return { ...draft, caption: '', ...(answered && { replyTo: null }) }
}

export const afterEdit = (draft: ComposerDraft, key: string): ComposerDraft =>
  draft.edit?.key === key ? { ...draft, edit: null } : draft

/** Reads what a disk or another tab gave. Once there was only the text. */
export const parseDraft = (value: unknown): ComposerDraft | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, text, replyTo, edit, caption } = value as Record<string, unknown>
  if (typeof text !== 'string') return undefined
  const key = typeof replyTo === 'string' ? parseMessageKey(replyTo) : undefined
  return {
    id: textOf(id),
    text,
    replyTo: key ?? null,
    edit: parseEdit(edit),
    caption: textOf(caption),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const parseEdit = (value: unknown): ComposerDraft['edit'] => {
  if (typeof value !== 'object' || value === null) return null
  const { key, text } = value as Record<string, unknown>
  const parsed = typeof key === 'string' ? parseMessageKey(key) : undefined
  return parsed === undefined || typeof text !== 'string' ? null : { key: parsed, text }
}
