import { expect, it } from 'vitest'
import {
  chatDoc,
  type DocName,
  directChatId,
  type Month,
  pageDoc,
  parseMonth,
  parseUserId,
} from '../../base/ids.ts'
import { Page } from '../../chat/page.ts'
import { OutboxIndex } from '../chats/outbox-index.ts'
import { Conversation, type ConversationOptions } from './conversation.ts'

const id = directChatId(parseUserId('pat-morgan')!, parseUserId('dr-ada')!)
const [october, november] = [parseMonth('2026-10')!, parseMonth('2026-11')!]

/** A chat on screen, of which the device has these months. */
const onScreen = async (months: Month[]) => {
  const told: (readonly DocName[])[] = []
  const open = async (doc: DocName) => ({ doc, me: 1, page: new Page(), lastRow: 0 })
  const conversation: Conversation = new Conversation({
    chat: () => ({ id, kind: 'direct', me: 1, members: [] }),
    pages: { open },
    sysDocs: { open: async () => undefined },
    outbox: new OutboxIndex(),
    months: () => months.toSorted().reverse(),
    refused: () => [],
    outgoing: () => [],
    isBehind: () => false,
    isRestoring: () => false,
    summary: () => ({}),
    shows: () => told.push(conversation.docs()),
    changed: () => {},
    closed: () => {},
  } as unknown as ConversationOptions)
  await conversation.open()
  return { conversation, told }
}

it('counts a month that begins while the chat is on screen as on screen, too', async () => {
  const months = [october]
  const { conversation, told } = await onScreen(months)
  months.push(november)
  await conversation.update()
  await conversation.update()
  expect(told).toEqual([
    [chatDoc(id), pageDoc(id, october)],
    [chatDoc(id), pageDoc(id, november), pageDoc(id, october)],
  ])
})
