/** What can be done with an account, and what happens then. */
import type { Account, AdminApi } from './admin-api.ts'
import type { Question } from './confirm-dialog.tsx'

export interface Deed {
  readonly name: 'disable' | 'enable' | 'close' | 'hold' | 'release' | 'erase'
  readonly title: string
  readonly hint: string
  readonly action: string
  done: (account: Account) => string
}

const deeds: Readonly<Record<Deed['name'], Deed>> = {
  disable: {
    name: 'disable',
    title: 'Shut out for now',
    hint: 'Signed out everywhere, until you enable the account again.',
    action: 'Disable',
    done: ({ name }) => `${name} is signed out, and cannot sign in.`,
  },
  enable: {
    name: 'enable',
    title: 'Let in again',
    hint: 'They can sign in as before.',
    action: 'Enable',
    done: ({ name }) => `${name} can sign in again.`,
  },
  close: {
    name: 'close',
    title: 'Close the account',
    hint: 'For who has left. The chats stay for the others.',
    action: 'Close',
    done: ({ name }) => `${name}’s account is closed.`,
  },
  hold: {
    name: 'hold',
    title: 'Legal hold',
    hint: 'Nothing of the account is erased while it stands.',
    action: 'Hold',
    done: ({ name }) => `${name}’s account is on hold.`,
  },
  release: {
    name: 'release',
    title: 'End the legal hold',
    hint: 'The account can be erased again after the time of retention.',
    action: 'Release',
    done: ({ name }) => `${name}’s account is on hold no more.`,
  },
  erase: {
    name: 'erase',
    title: 'Erase',
    hint: 'Name, ways to sign in, and what concerns only them, for good.',
    action: 'Erase',
    done: () => 'The account is erased.',
  },
}

/** @param me nobody shuts themselves out by mistake */
export const deedsOf = ({ id, status, hold }: Account, me: string): readonly Deed[] => {
  const own = id === me
  const list: Deed[] = []
  if (status === 'active' && !own) list.push(deeds.disable)
  if (status === 'disabled' || status === 'closed') list.push(deeds.enable)
  if ((status === 'active' || status === 'invited' || status === 'disabled') && !own)
    list.push(deeds.close)
  list.push(hold === undefined ? deeds.hold : deeds.release)
  if (status === 'closed' && hold === undefined) list.push(deeds.erase)
  return list
}

export const questionOf = (deed: Deed, { id, name }: Account, api: AdminApi): Question => {
  switch (deed.name) {
    case 'disable':
      return {
        title: `Disable ${name}?`,
        text: (
          <p>
            They are signed out on all their devices at once, those empty themselves, and nobody can
            sign in with this account. Their chats stay as they are. You can enable it again.
          </p>
        ),
        action: 'Disable',
        run: () => api.act(id, 'disable'),
      }
    case 'enable':
      return {
        title: `Enable ${name}?`,
        text: <p>They can sign in again as before. Their chats are as they were.</p>,
        action: 'Enable',
        run: () => api.act(id, 'enable'),
      }
    case 'close':
      return {
        title: `Close ${name}’s account?`,
        text: (
          <p>
            They are signed out everywhere, and their devices empty themselves. Their chats stay for
            the others, who read that the account is closed and cannot write to it any more. After
            the time of retention it can be erased.
          </p>
        ),
        action: 'Close account',
        run: () => api.act(id, 'close'),
      }
    case 'hold':
      return {
        title: `Hold ${name}’s account?`,
        text: <p>Nothing of it is erased, by nobody, until the hold is ended.</p>,
        action: 'Hold',
        reason: 'Why',
        run: (reason) => api.hold(id, reason),
      }
    case 'release':
      return {
        title: `End the hold on ${name}’s account?`,
        text: <p>It can be erased again once the time of retention is over.</p>,
        action: 'End hold',
        run: () => api.act(id, 'release'),
      }
    case 'erase':
      return {
        title: `Erase ${name}?`,
        text: (
          <p>
            Their name, e-mail address, birth date and ways to sign in go, and so does what concerns
            only them. What they wrote to others stays with the others, without their name. This
            cannot be taken back.
          </p>
        ),
        action: 'Erase for good',
        typed: name,
        danger: true,
        run: () => api.act(id, 'erase'),
      }
  }
}
