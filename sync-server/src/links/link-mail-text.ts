/**
 * What mails with a link say. Others may see them on a screen that is not locked, so they say who
 * writes and what can be done, and nothing of why: no doctor, no specialty, no name of a patient.
 */
import type { Mail } from '../mail/mailer.ts'
import { LINK_LIFETIMES, type LinkKind } from './link-record.ts'

export interface LinkMailFacts {
  readonly to: string
  readonly clinic: string
  readonly kind: LinkKind
  /** Where the link leads. */
  readonly url: string
}

export const linkMail = (facts: LinkMailFacts): Mail =>
  facts.kind === 'reset' ? resetMail(facts) : invitationMail(facts)

const invitationMail = ({ to, clinic, kind, url }: LinkMailFacts): Mail => ({
  to,
  subject: `Your invitation to ${clinic}`,
  text: paragraphs(
    'Hello,',
    `${clinic} invites you to its messages. This link is for you alone. It works once, for ${lifeOf(kind)}:`,
    url,
    'Open it on the phone or computer that you are going to use. If you did not expect it, you need not do anything.',
    clinic,
  ),
})

const resetMail = ({ to, clinic, kind, url }: LinkMailFacts): Mail => ({
  to,
  subject: `A new way to sign in to ${clinic}`,
  text: paragraphs(
    'Hello,',
    `somebody asked for a new way to sign in to your account at ${clinic}. This link is for you alone. It works once, for ${lifeOf(kind)}:`,
    url,
    'If it was not you, you need not do anything: nothing changes until the link is used.',
    clinic,
  ),
})

const HOUR = 3_600_000

const lifeOf = (kind: LinkKind): string => {
  const hours = Math.round(LINK_LIFETIMES[kind] / HOUR)
  return hours > 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`
}

const paragraphs = (...texts: readonly string[]): string => `${texts.join('\n\n')}\n`
