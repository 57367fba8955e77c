/** Looks into the directory for people to start a chat with. */
import { parsePerson } from '@wardline/core/client/model/parse-person'
import type { GetToken } from '@wardline/core/client/model/ports'
import type { Person } from '@wardline/core/client/model/views'
import { cutText } from '@wardline/core/text/cut'
import { browserFetch, type Fetch, request } from './http.ts'

type FindPeopleResult =
  | { ok: true; people: Person[] }
  | {
      ok: false
      /** unreachable: what the device knows already is the best there is now. */
      code: 'unreachable' | 'signed-out' | 'refused'
      message: string
    }

export interface PeopleApiOptions {
  getToken: GetToken
  /** The server refused the token. */
  dropToken(): void
  send?: Fetch
}

/** Never rejects. `role` is that of the people looked for; patients may look for doctors alone. */
export type FindPeople = (role: FoundRole, query: string) => Promise<FindPeopleResult>

/** Whom somebody looks for. */
type FoundRole = keyof typeof fields

/** As the address calls them, and the answer. */
const fields = { patient: 'patients', doctor: 'doctors', staff: 'staff' } as const

const unreachable: FindPeopleResult = {
  ok: false,
  code: 'unreachable',
  message: 'The server cannot be reached.',
}

const signedOut: FindPeopleResult = {
  ok: false,
  code: 'signed-out',
  message: 'Sign in again to look for people.',
}

export const peopleApi = ({
  getToken,
  dropToken,
  send = browserFetch,
}: PeopleApiOptions): FindPeople => {
  const ask = async (role: FoundRole, query: string, again: boolean): Promise<FindPeopleResult> => {
    const token = await getToken()
    if (token.kind === 'unreachable') return unreachable
    if (token.kind === 'signed-out') return signedOut
    const field = fields[role]
    const path = `/api/chat/${field}?${new URLSearchParams({ query: cutText(query, 100) })}`
    const answer = await request(send, 'GET', path, { token: token.token })
    switch (answer.kind) {
      case 'answer': {
        const people = ((answer.body ?? {}) as Record<string, unknown>)[field]
        if (!Array.isArray(people)) return unreachable
        return { ok: true, people: people.map(parsePerson).filter((each) => each !== undefined) }
      }
      case 'unauthorized':
        dropToken()
        return again ? await ask(role, query, false) : signedOut
      case 'refused':
        return { ok: false, code: 'refused', message: answer.message }
      case 'throttled':
      case 'unreachable':
        return unreachable
    }
  }
  return (role, query) => ask(role, query, true)
}
