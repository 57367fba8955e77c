/** Lines of the audit trail in words. What has none is shown as it is named. */
import type { AuditLine } from './admin-api.ts'

/** Kinds that can be asked for: what stands before the dot of an action, or one action. */
export const auditKinds: readonly (readonly [action: string, name: string])[] = [
  ['', 'Everything'],
  ['chat.read', 'Who opened a chat'],
  ['login', 'Sign-ins'],
  ['session', 'Devices and sessions'],
  ['user', 'Changes of accounts'],
  ['link', 'Invitations and links'],
  ['passkey', 'Passkeys'],
  ['password', 'Passwords'],
  ['chat', 'Chats'],
  ['member', 'Members of groups'],
  ['file', 'Files'],
  ['api', 'Use of the interface'],
  ['token', 'API tokens'],
  ['settings', 'Settings'],
  ['audit', 'Exports of this trail'],
  ['update', 'Refused writes'],
  ['backup', 'Backups'],
]

const words: Readonly<Record<string, string>> = {
  'api.refused': 'was refused a request',
  'api.used': 'used the interface',
  'audit.exported': 'took the audit trail along',
  'backup.failed': 'tried to make a backup',
  'backup.made': 'made a backup',
  'chat.closed': 'takes no messages in a chat, or takes them again',
  'chat.created': 'began a chat',
  'chat.read': 'opened a chat',
  'chat.renamed': 'renamed a group',
  'doc.begun-anew': 'began a damaged document anew',
  'document.mended': 'mended a document',
  'documents.exported': 'exported documents',
  'documents.imported': 'imported documents',
  'file.read': 'took a file',
  'identity.linked': 'signed in with the identity provider for the first time',
  'link.made': 'made a link to sign in with',
  'link.refused': 'got a link or code that opens nothing',
  'link.revoked': 'took a link back',
  'link.used': 'used a link to sign in',
  'login.failed': 'could not sign in',
  'login.refused': 'was refused at signing in',
  'login.succeeded': 'signed in',
  logout: 'signed out',
  'member.added': 'took somebody into a group',
  'member.left': 'left a group',
  'member.removed': 'took somebody out of a group',
  'passkey.added': 'added a passkey',
  'passkey.copied': 'used a passkey that may be copied',
  'passkey.removed': 'removed a passkey',
  'passkey.renamed': 'renamed a passkey',
  'password.changed': 'chose another password',
  'password.refused': 'gave a wrong password',
  'person.exported': 'took data along of',
  'records.made-again': 'made damaged records again',
  'records.mended': 'mended records',
  'session.ended': 'was signed out on a device',
  'session.reused': 'used a sign-in of which somebody has a copy',
  'settings.changed': 'changed the clinic’s settings',
  'settings.dropped': 'left out settings that were too many',
  'token.ended': 'ended an API token',
  'token.made': 'made an API token',
  'update.refused': 'wrote what was refused',
  'user.accepted': 'accepted an invitation',
  'user.changed': 'changed the account of',
  'user.closed': 'closed the account of',
  'user.created': 'made an account for',
  'user.disabled': 'disabled the account of',
  'user.enabled': 'enabled the account of',
  'user.erased': 'erased an account',
  'user.held': 'put a hold on the account of',
  'user.released': 'ended the hold on the account of',
}

export interface AuditWords {
  readonly who: string
  readonly did: string
  /** Whom or what it was done to; '' when that says nothing more. */
  readonly whom: string
  /** The rest, as it is kept. */
  readonly rest: string
}

export const auditWords = (
  { actor, action, subject = '', details = {} }: AuditLine,
  names: Readonly<Record<string, string>>,
): AuditWords => {
  const pair = /^dm\.([^.]+)\.([^.]+)$/.exec(subject)
  const whom =
    subject === '' || subject === actor || subject === 'clinic'
      ? ''
      : pair === null
        ? (names[subject] ?? subject)
        : [pair[1], pair[2]].map((id = '') => names[id] ?? id).join(' and ')
  const rest = Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([field, value]) => `${field}: ${plain(value, names)}`)
    .join(', ')
  return { who: nameOf(actor, names), did: words[action] ?? action, whom, rest }
}

const nameOf = (actor: string, names: Readonly<Record<string, string>>): string =>
  names[actor] ??
  (actor === 'server' ? 'The server' : actor === 'operator' ? 'The operator' : actor)

const plain = (value: unknown, names: Readonly<Record<string, string>>): string =>
  typeof value === 'string'
    ? (names[value] ?? value)
    : Array.isArray(value)
      ? value.map((each) => plain(each, names)).join(' ')
      : JSON.stringify(value)
