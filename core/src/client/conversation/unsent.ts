/**
 * What the person wrote on this device that the server does not have: for them to take along when
 * the device is to be emptied.
 */
import { parseDocName } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import { openBody } from '../../chat/body.ts'
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { PageIndex } from '../chats/page-index.ts'
import type { Pages } from '../documents/pages.ts'
import type { UnsentText } from '../model/unsent-text.ts'
import type { OutgoingMessage } from '../store/outgoing-store.ts'
import type { Drafts } from './drafts.ts'

export interface UnsentOptions {
  readonly chats: Pick<ChatRegistry, 'get'>
  readonly pages: Pick<Pages, 'open'>
  readonly pageIndex: Pick<PageIndex, 'pages'>
  readonly outbox: Pick<OutboxIndex, 'docs' | 'entries'>
  readonly outgoing: { readonly messages: readonly OutgoingMessage[] }
  readonly drafts: Pick<Drafts, 'chats' | 'all'>
}

/** Messages, oldest first, then what was not finished. Nothing is said twice. */
export const unsentTexts = async (options: UnsentOptions): Promise<UnsentText[]> => {
  const messages = [
    ...(await waiting(options)),
    ...(await refused(options)),
    ...options.outgoing.messages.map(({ chat, at, text, files }) => ({
      chat,
      at,
      text,
      files: namesOf(files.map(({ attachment }) => attachment)),
    })),
  ]
  return [...messages.sort((a, b) => a.at - b.at), ...drafted(options)]
}

type Message = UnsentText & { readonly at: number }

/** In pages: messages that the server has not acknowledged, or not as they read now. */
const waiting = async ({ chats, pages, outbox }: UnsentOptions): Promise<Message[]> => {
  const found: Message[] = []
  for (const doc of outbox.docs()) {
    const ref = parseDocName(doc)
    const chat = ref?.kind === 'page' ? chats.get(ref.chat) : undefined
    if (chat === undefined) continue
    const entries = new Set(outbox.entries(doc))
    const { page } = await pages.open(doc)
    for (const { id, author, at, body } of page.messages()) {
      if (author !== chat.me || body === null) continue
      if (![id, ...page.changesOf(id)].some((entry) => entries.has(entry))) continue
      found.push({ chat: chat.id, at, ...(await readable(body)) })
    }
  }
  return found
}

const refused = async ({ pageIndex }: UnsentOptions): Promise<Message[]> => {
  const found: Message[] = []
  for (const { doc, refused } of pageIndex.pages()) {
    const ref = parseDocName(doc)
    if (ref?.kind !== 'page') continue
    for (const { body, at } of refused)
      found.push({ chat: ref.chat, at, ...(await readable(body)) })
  }
  return found
}

const drafted = ({ drafts }: UnsentOptions): UnsentText[] =>
  [...drafts.chats()].flatMap((chat) =>
    drafts
      .all(chat)
      .flatMap(({ text, edit, caption }) => [edit?.text ?? '', text, caption])
      .filter((text) => text !== '')
      .map((text) => ({ chat, at: null, text, files: [] })),
  )

const readable = async (body: Uint8Array): Promise<Pick<UnsentText, 'text' | 'files'>> => {
  const opened = await openBody(body)
  if (opened.kind !== 'content') return { text: '', files: [] }
  return { text: opened.content.text, files: namesOf(opened.content.attachments ?? []) }
}

const namesOf = (attachments: readonly Attachment[]): string[] =>
  attachments.map(({ name }) => name)
