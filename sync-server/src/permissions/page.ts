/** The table of permissions as a page to read. */
import { ROLES, type Role } from '@wardline/core/chat/role'
import { type PermittedOperation, permissions, RELATIONS, type Relation } from './permissions.ts'

/** `docs/permissions.md`, as the code has it. */
export const permissionsPage = (): string => {
  const head = ['operation', 'to', ...ROLES]
  const rows = Object.entries(permissions).map(([operation, { says, may }]) => [
    `\`${operation}\``,
    says,
    ...ROLES.map((role) => textOf(may[role])),
  ])
  return `${intro}\n${tableOf([head, ...rows])}${notes}`
}

/** Operations, as the page names them. */
export const operationNames = Object.keys(permissions) as readonly PermittedOperation[]

const textOf = (relations: readonly Relation[] | undefined): string => {
  if (relations === undefined) return '–'
  return relations.length === RELATIONS.length
    ? 'yes'
    : relations.map((one) => words[one]).join(', ')
}

const words: Readonly<Record<Relation, string>> = {
  own: 'their own',
  member: 'where a member',
  stranger: 'others’',
}

/** As the formatter leaves it. */
const tableOf = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const lines = rows.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1), ''].join('\n')
}

const roleWords: Readonly<Record<Role, string>> = {
  patient: 'somebody who is treated',
  doctor: 'somebody who treats',
  staff: 'a nurse, the reception',
  admin: 'somebody who looks after accounts and settings',
  service: 'a program',
}

const intro = `# Permissions

Written by \`npm run permissions\` from the table that the server asks
([permissions.ts](../sync-server/src/permissions/permissions.ts)); a test compares the two, and
another one asks for every operation as every role, over HTTP and both sockets.

An account has one role or several, and may what any of them may: ${ROLES.map(
  (role) => `**${role}**, ${roleWords[role]}`,
).join('; ')}. A patient is neither doctor nor staff, and a program is nothing else.
`

const notes = `
- **their own**: their account, a message that they wrote, a chat that they begin.
- **where a member**: in chats that they are in. Who is out of a group keeps what they had, and gets
  nothing new.
- **yes**: whoever and whatever it is about.
- **An admin** who is nothing else is in no chat, and nothing of an admin's shows the text of a
  message.
- **A program** may be held to some chats by its token; then it is a stranger to the others.
- **The clinic** can keep people from beginning chats and groups in its settings, whatever their role.
- **Only an active account** may anything. What is disabled, closed or erased is shut out at once.
- New roles hold at once: access tokens of before are refused with \`token-expired\`.
`
