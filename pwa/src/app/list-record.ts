/**
 * The list of chats as it was last shown, in brief: a start draws it before it has anything else.
 * There is nothing in it that time alone makes untrue, as who is there or who is typing.
 */
import {
  noRounds,
  type Person,
  type RoundsView,
  type ShellView,
} from '@wardline/core/client/model/views'
import { cutText } from '@wardline/core/text/cut'
import { isUnread } from '../features/chat-list/chat-actions.ts'
import type { FolderBrief } from '../features/chat-list/folder.tsx'
import { type ChatLine, parseLine, parseShownPerson } from './chat-line.ts'
import { countIn, fieldsOf, listIn, numberIn } from './fields.ts'
import type { Shell } from './ports.ts'

/** Chats in it: more than the largest of screens shows. */
export const MOST_LINES = 25
/** Of a text that a line shows the beginning of, UTF-16 units. */
const MOST_TEXT = 200
/** A record that is larger, as text, is not kept: its names are no names. */
const MOST_RECORD = 100_000

/** Grows with what a line shows: one from another version of the app counts as none. */
const VERSION = 1

export interface ListRecord {
  version: typeof VERSION
  me: Person
  lines: readonly ChatLine[]
  archive: FolderBrief
  rounds: FolderBrief
  roundsView: RoundsView
}

/** Undefined where there is nothing that a start could show. */
export const listRecordOf = ({ me, chats, rounds }: ShellView): ListRecord | undefined => {
  const listed = chats.filter(({ archived }) => !archived)
  if (me === null || listed.length === 0) return undefined
  const record: ListRecord = {
    version: VERSION,
    me,
    lines: listed.slice(0, MOST_LINES).map(lineOf),
    archive: briefOf(chats.filter(({ archived }) => archived)),
    rounds: briefOf(chats.filter(({ onRounds }) => onRounds)),
    roundsView: rounds,
  }
  return JSON.stringify(record).length > MOST_RECORD ? undefined : record
}

/** @param me who has signed in on this device, as the database says */
export const parseListRecord = (value: unknown, me: unknown): ListRecord | undefined => {
  const { version, me: person, lines, archive, rounds, roundsView } = fieldsOf(value)
  const owner = parseShownPerson(me)
  const of = parseShownPerson(person)
  if (version !== VERSION || owner === undefined || of?.id !== owner.id) return undefined
  const read = listIn(lines).slice(0, MOST_LINES).map(parseLine)
  if (read.length === 0 || read.some((line) => line === undefined)) return undefined
  const known = read.filter((line) => line !== undefined)
  if (new Set(known.map(({ id }) => id)).size < known.length) return undefined
  return {
    version,
    // A name or a role that was changed since is in the database first.
    me: owner,
    lines: known,
    archive: parseBrief(archive),
    rounds: parseBrief(rounds),
    roundsView: parseRounds(roundsView),
  }
}

/** What the screen shows of it. */
export const earlyShell = ({ me, lines, archive, rounds, roundsView }: ListRecord): Shell => ({
  me,
  connection: { phase: 'connecting' },
  waiting: 0,
  chats: lines.map((line) => ({
    ...line,
    ...{ online: false, lastSeenAt: null, typing: [], news: null, sentDrafts: [] },
    draft: { id: '', text: line.draft, replyTo: null, edit: null, caption: '' },
    archived: false,
  })),
  storageProblem: null,
  online: [],
  rounds: roundsView,
  early: { archive, rounds },
})

const lineOf = (chat: ShellView['chats'][number]): ChatLine => {
  const { id, kind, title, peer, patients, left, unread, markedUnread } = chat
  const { onRounds, pinned, muted, blocked, closed, last, draft } = chat
  return {
    ...{ id, kind, title, peer, patients, left, unread, markedUnread },
    ...{ onRounds, pinned, muted, blocked, closed },
    last: last && { ...last, text: cutText(last.text.trimStart(), MOST_TEXT) },
    draft: cutText((draft.edit?.text ?? draft.text).trimStart(), MOST_TEXT),
  }
}

const briefOf = (chats: ShellView['chats']): FolderBrief => ({
  count: chats.length,
  unread: chats.some(isUnread),
})

const parseBrief = (value: unknown): FolderBrief => {
  const { count, unread } = fieldsOf(value)
  return { count: countIn(count) ?? 0, unread: unread === true }
}

const parseRounds = (value: unknown): RoundsView => {
  const { completeAsOf, missingFiles, omittedFiles } = fieldsOf(value)
  return {
    ...noRounds,
    completeAsOf: numberIn(completeAsOf) ?? null,
    missingFiles: countIn(missingFiles) ?? 0,
    omittedFiles: countIn(omittedFiles) ?? 0,
  }
}
