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
  ['chat', 'Chats'],
  ['group', 'Groups'],
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
  'file.read': 'took a file',
  'group.created': 'made a group',
  'link.made': 'made a link to sign in with',
  'link.used': 'used a link to sign in',
  'link.revoked': 'took a link back',
  'login.failed': 'could not sign in',
  'login.succeeded': 'signed in',
  'passkey.added': 'added a passkey',
  'passkey.removed': 'removed a passkey',
  'person.exported': 'took data along of',
  'session.ended': 'was signed out on a device',
  'session.begun': 'signed in on a device',
  'session.renamed': 'renamed a device',
  'settings.changed': 'changed the clinic’s settings',
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
  'user.invited': 'invited',
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
