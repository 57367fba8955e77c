/** Making and changing groups. They are the server's to make, so all of this needs the network. */

import { type ChatId, parseChatId, type UserId } from '@wardline/core/base/ids'
import type { GetToken, RecallGroup } from '@wardline/core/client/model/ports'
import { browserFetch, type Fetch, type Method, request } from './http.ts'

/** Refusals carry words for the person. */
export type GroupResult = { ok: true } | { ok: false; message: string }
export type NewGroupResult = { ok: true; chat: ChatId } | { ok: false; message: string }

/** Nothing rejects. */
export interface GroupsApi {
  create: (title: string, members: readonly UserId[]) => Promise<NewGroupResult>
  rename: (chat: ChatId, title: string) => Promise<GroupResult>
  add: (chat: ChatId, user: UserId) => Promise<GroupResult>
  /** Oneself to leave. */
  remove: (chat: ChatId, user: UserId) => Promise<GroupResult>
  /** Hands back what the server said of a group. False when it cannot be asked. */
  recall: RecallGroup
}

export interface GroupsApiOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
  send?: Fetch
}

const unreachable = {
  ok: false,
  message: 'This needs a connection. Try again when you are online.',
} as const
const signedOut = { ok: false, message: 'Sign in again to do this.' } as const

export const groupsApi = ({
  getToken,
  dropToken,
  send = browserFetch,
}: GroupsApiOptions): GroupsApi => {
  type Answer = { ok: true; body: unknown } | { ok: false; message: string }

  const ask = async (
    method: Method,
    path: string,
    body?: unknown,
    again = true,
  ): Promise<Answer> => {
    const token = await getToken()
    if (token.kind === 'unreachable') return unreachable
    if (token.kind === 'signed-out') return signedOut
    const answer = await request(send, method, `/api/chat/groups${path}`, {
      token: token.token,
      ...(body !== undefined && { body }),
    })
    switch (answer.kind) {
      case 'answer':
        return { ok: true, body: answer.body }
      case 'unauthorized':
        dropToken()
        return again ? await ask(method, path, body, false) : signedOut
      case 'refused':
        return { ok: false, message: answer.message }
      case 'throttled':
      case 'unreachable':
        return unreachable
    }
  }

  const change = async (...call: Parameters<typeof ask>): Promise<GroupResult> => {
    const answer = await ask(...call)
    return answer.ok ? { ok: true } : answer
  }

  return {
    create: async (title, memberIds) => {
      const answer = await ask('POST', '', { title, memberIds })
      if (!answer.ok) return answer
      const chat = chatIn(answer.body)
      return chat === undefined ? unreachable : { ok: true, chat }
    },
    rename: (chat, title) => change('PATCH', `/${chat}`, { title }),
    add: (chat, userId) => change('POST', `/${chat}/members`, { userId }),
    remove: (chat, userId) => change('DELETE', `/${chat}/members/${userId}`),
    recall: async ({ statement: { chat, ...said }, seal }) => {
      const answer = await ask('POST', `/${chat}/recall`, { ...said, seal })
      return answer.ok || (answer !== unreachable && answer !== signedOut)
    },
  }
}

const chatIn = (body: unknown): ChatId | undefined => {
  const { chat } = (body ?? {}) as { chat?: unknown }
  const { id } = (chat ?? {}) as { id?: unknown }
  return typeof id === 'string' ? parseChatId(id) : undefined
}
