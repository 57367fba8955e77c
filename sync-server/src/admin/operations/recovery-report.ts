/** What whoever runs the clinic should know after the database was put back, or lost its end. */
import { z } from 'zod'
import { type Chat, readChat } from '../../directory/chat-record.ts'
import { readUser, userIdSchema, userKey } from '../../directory/user.ts'
import { readRecovery } from '../../storage/recovery.ts'
import type { Store } from '../../storage/store.ts'

/** Groups that one report names. */
const MOST_NAMED = 50

const lineSchema = z.object({
  at: z.number(),
  action: z.string(),
  subject: z.string().optional(),
  details: z.looseObject({}).optional(),
})
const recalledSchema = z.object({ joined: z.array(userIdSchema), removed: z.array(userIdSchema) })

/** Lines to print. Rejects with `StoreError`. */
export const recoveryReport = async (store: Store): Promise<readonly string[]> => {
  const recovery = await readRecovery(store)
  if (recovery === undefined) return ['the database was never put back, and never lost anything']
  const { at, reason, missing, knownAt, dropped } = recovery
  const lines = [
    reason === 'restored'
      ? `a backup was put in place: ${timeOf(at)}`
      : `the database lacked changes that it had stored: ${timeOf(at)}`,
  ]
  if (missing !== undefined) lines.push(`changes that are missing at its end: ${missing}`)
  if (knownAt !== undefined) lines.push(`it was last known to have them: ${timeOf(knownAt)}`)
  if (dropped !== undefined) lines.push(`pieces of its log that cannot be read: ${dropped}`)
  let files = 0
  const recalled = new Map<string, { joined: Set<string>; removed: Set<string> }>()
  for await (const { text } of store.readAudit()) {
    const line = lineSchema.safeParse(JSON.parse(text)).data
    if (line === undefined || line.at < at) continue
    if (line.action === 'file.uploaded' || line.action === 'file.returned') files++
    const details = recalledSchema.safeParse(line.details).data
    if (line.action !== 'chat.recalled' || line.subject === undefined || details === undefined)
      continue
    const known = recalled.get(line.subject) ?? { joined: new Set(), removed: new Set() }
    recalled.set(line.subject, known)
    for (const user of details.joined) known.joined.add(await nameOf(store, user))
    for (const user of details.removed) known.removed.add(await nameOf(store, user))
  }
  lines.push(`files that came since: ${files}`)
  const groups = (await store.listRecords('chat/'))
    .map(({ value }) => readChat(value))
    .filter(({ kind }) => kind === 'group')
  for (const [id, { joined, removed }] of recalled) {
    const title = groups.find((group) => group.id === id)?.group?.title ?? ''
    lines.push(`group ${id} “${title}” was brought up to date by a device`)
    if (joined.size > 0) lines.push(`  in it again: ${[...joined].join(', ')}`)
    if (removed.size > 0) lines.push(`  out of it again: ${[...removed].join(', ')}`)
  }
  const asBefore = groups.filter((group) => !recalled.has(group.id) && group.createdAt < at)
  if (asBefore.length > 0)
    lines.push(
      'groups as the database has them; who was taken out of one later is in it until a device of another member hands that back:',
      ...asBefore.slice(0, MOST_NAMED).map(lineOf),
    )
  if (asBefore.length > MOST_NAMED) lines.push(`  and ${asBefore.length - MOST_NAMED} more`)
  lines.push(
    'what cannot come back by itself: accounts, passwords and sessions made since; messages of programs over HTTP; what only devices had that are gone',
  )
  return lines
}

const lineOf = ({ id, group, members }: Chat): string =>
  `  ${id} “${group?.title ?? ''}”: ${members.map(({ name }) => name).join(', ')}`

const nameOf = async (store: Store, id: z.infer<typeof userIdSchema>): Promise<string> => {
  const found = await store.getRecord(userKey(id))
  return found === undefined ? id : `${readUser(found.value).name} (${id})`
}

const timeOf = (ms: number): string => new Date(ms).toISOString()
