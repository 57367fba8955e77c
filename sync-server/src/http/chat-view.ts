import type { MemberIndex } from '@wardline/core/base/client-id'
import { chatDoc, monthOf, pageDoc } from '@wardline/core/base/ids'
import { type Chat, membersFor } from '../directory/chat-record.ts'

/** A chat as one of its members sees it, with the names of the documents that hold it. */
export const chatView = (chat: Chat, memberIndex: MemberIndex, now: number): object => {
  const { id, kind, createdAt, group } = chat
  const viewer = chat.members.find(({ index }) => index === memberIndex)?.role ?? 'patient'
  const members = membersFor(chat.members, kind, viewer)
  const months = [...new Set([...chat.pages, monthOf(now)])].sort().reverse()
  const docs = { chat: chatDoc(id), pages: months.map((month) => pageDoc(id, month)) }
  const title = group && { title: group.title }
  const by = chat.closing?.by ?? []
  const closed = by.length > 0 && {
    closedBy: members.flatMap(({ index, userId }) => (by.includes(index) ? [userId] : [])),
  }
  return { id, kind, ...title, ...closed, createdAt, memberIndex, members, docs }
}
