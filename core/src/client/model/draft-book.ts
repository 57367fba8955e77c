/**
 * What stands unfinished in one chat, in all tabs of the device: each piece of writing once, by its
 * name, and which of them were sent. The stores keep one for each chat, and change it in the
 * transaction of what they store with it.
 */

import { bodyPrint } from '../../base/body-print.ts'
import { encodeUtf8 } from '../../base/utf8.ts'
import { type ChatDraft, type ComposerDraft, isEmptyDraft, isSameDraft } from './composer-draft.ts'

export interface DraftBook {
  /** The last written to comes last. */
  readonly drafts: readonly ComposerDraft[]
  /** The last sent comes last. */
  readonly sent: readonly SentDraft[]
}

/** A text that went out under the name of a draft. */
export interface SentDraft {
  readonly id: string
  /** Tells texts apart, and does not say what they were. */
  readonly print: number
}

/** What is left of a draft when something of it is stored. */
export interface DraftUse extends ChatDraft {
  /** Undefined: whatever stands there makes room for what is left. */
  readonly from?: {
    /** As the tab knows it. What another tab made of it meanwhile stays. */
    readonly known: ComposerDraft
    /** Of a message: it is sent once. */
    readonly print?: number
  }
}

export const emptyBook: DraftBook = { drafts: [], sent: [] }

/** Pieces of writing that are kept for a chat: as many tabs as anybody writes in. */
const MAX_DRAFTS = 16
/** Far more than are sent while another tab waits for its turn. */
const MAX_SENT = 16

export const printOf = (text: string): number => bodyPrint(encodeUtf8(text))

export const isSent = (
  { sent }: Pick<DraftBook, 'sent'>,
  { id }: ComposerDraft,
  print: number | undefined,
): boolean => id !== '' && sent.some((each) => each.id === id && each.print === print)

/** What a composer that opens begins with: the last written to. */
export const shownDraft = ({ drafts }: DraftBook): ComposerDraft | undefined => drafts.at(-1)

/** An empty draft takes the place of the one with its name. */
export const putDraft = (book: DraftBook, draft: ComposerDraft): DraftBook => {
  const others = book.drafts.filter(({ id }) => id !== draft.id)
  const drafts = isEmptyDraft(draft) ? others : [...others, draft].slice(-MAX_DRAFTS)
  return { ...book, drafts }
}

/** Undefined: it was sent already, from another tab. */
export const useDraft = (
  book: DraftBook,
  { draft: left, from }: DraftUse,
): DraftBook | undefined => {
  if (from === undefined) return putDraft(book, left)
  const { known, print } = from
  if (isSent(book, known, print)) return undefined
  const there = book.drafts.find(({ id }) => id === known.id)
  const isOurs = there !== undefined && isSameDraft(there, known)
  const rest = isOurs ? book.drafts.filter((each) => each !== there) : book.drafts
  const isNew = isOurs || left.id !== known.id
  const sent =
    print === undefined || known.id === ''
      ? book.sent
      : [...book.sent, { id: known.id, print }].slice(-MAX_SENT)
  return isNew ? putDraft({ drafts: rest, sent }, left) : { drafts: rest, sent }
}

/** Whether there is anything to keep. */
export const isEmptyBook = ({ drafts, sent }: DraftBook): boolean =>
  drafts.length === 0 && sent.length === 0
