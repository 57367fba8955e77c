/** Tells the server which chats were on the screen, for its audit trail. */
import type { GetToken, TellOpenings } from '@wardline/core/client/model/ports'
import { browserFetch, type Fetch, request } from './http.ts'

export interface TellOpeningsOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
  send?: Fetch
}

export const tellOpenings =
  ({ getToken, dropToken, send = browserFetch }: TellOpeningsOptions): TellOpenings =>
  async (openings) => {
    const answer = await getToken()
    if (answer.kind !== 'token') return false
    const body = { openings }
    const told = await request(send, 'POST', '/api/chat/openings', { token: answer.token, body })
    if (told.kind === 'unauthorized') dropToken()
    // What is refused would be refused again.
    return told.kind === 'answer' || told.kind === 'refused'
  }
