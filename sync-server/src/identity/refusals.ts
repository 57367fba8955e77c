import type { Usage } from '../audit/usage.ts'
import { identityKey, type OutsideIdentity } from '../directory/identity-record.ts'
import type { ErrorCode } from '../errors/catalogue.ts'

/** That somebody was not let in whom an issuer vouches for. */
export type NoteRefusal = (
  method: 'oidc' | 'outside',
  who: OutsideIdentity,
  code: ErrorCode,
  address: string,
) => void

/** Writes it into the audit trail: of one person and reason once a day, however often they try. */
export const noteRefusalsIn =
  (usage: Pick<Usage, 'note'>): NoteRefusal =>
  (method, who, code, address) => {
    const { issuer, subject } = who
    const details = { method, code, address, issuer, subject }
    usage.note(identityKey(who), { actor: 'server', action: 'login.refused', details })
  }
