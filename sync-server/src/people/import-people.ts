/**
 * Makes the accounts of a list, as invited: all in one commit, or none. Whoever is there already, or
 * twice in the list, is a line that is wrong.
 */

import { setImmediate } from 'node:timers/promises'
import type { CommitChange } from '../directory/commit-change.ts'
import type { Directory } from '../directory/directory.ts'
import { newUserId } from '../directory/directory.ts'
import type { NewUser, NewUserProblem } from '../directory/new-user.ts'
import { checkNewUser } from '../directory/new-user.ts'
import { emailKey, type User } from '../directory/user.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import type { BadLine, ListedPerson } from './people-csv.ts'

export interface ImportOptions {
  readonly store: Pick<Store, 'getRecords'>
  readonly directory: Pick<Directory, 'accounts' | 'prepareUser'>
  readonly commit: CommitChange
  /** Milliseconds since 1970. */
  now(): number
}

/** What becomes of one person besides the account, in the same commit. */
export type WithEach<T> = (user: User) => Promise<{
  readonly records: readonly RecordWrite[]
  readonly audit: readonly AuditLine[]
  readonly made: T
}>

/** Accounts that are looked up at once. */
const AT_ONCE = 500
/** People who are looked at before others have their turn; some 50 µs each. */
const IN_A_TURN = 50

/** Every line that cannot be taken, and why. Changes nothing. Rejects with `StoreError`. */
export const checkImport = async (
  { store, directory, now }: ImportOptions,
  people: readonly ListedPerson[],
): Promise<readonly BadLine[]> => {
  const bad: BadLine[] = []
  const lines = new Map<string, number>()
  const known = new Set(
    (await directory.accounts.all()).flatMap(({ user }) =>
      user.birthDate ? [likenessOf(user)] : [],
    ),
  )
  const addresses = new Map<string, ListedPerson>()
  for (const [i, person] of people.entries()) {
    if (i % IN_A_TURN === 0) await setImmediate()
    const reason = problemOf(person, now(), lines, known)
    if (reason !== undefined) bad.push({ line: person.line, reason })
    else if (person.email !== undefined) addresses.set(emailKey(person.email), person)
  }
  const keys = [...addresses.keys()]
  for (let i = 0; i < keys.length; i += AT_ONCE)
    for (const key of (await store.getRecords(keys.slice(i, i + AT_ONCE))).keys())
      bad.push({
        line: addresses.get(key)?.line ?? 0,
        reason: 'there is an account with this e-mail address already',
      })
  return bad.sort((one, other) => one.line - other.line)
}

/**
 * Makes all of them. Fails with the lines that cannot be taken, and with `busy` when others changed
 * something meanwhile. Rejects with `StoreError`.
 */
export const importPeople = async <T>(
  options: ImportOptions,
  people: readonly ListedPerson[],
  actor: string,
  withEach: WithEach<T>,
): Promise<Result<readonly T[], readonly BadLine[] | 'busy'>> => {
  const bad = await checkImport(options, people)
  if (bad.length > 0) return err(bad)
  const records: RecordWrite[] = []
  const audit: AuditLine[] = []
  const made: T[] = []
  const ends: (() => void)[] = []
  for (const [i, person] of people.entries()) {
    if (i % IN_A_TURN === 0) await setImmediate()
    const prepared = await options.directory.prepareUser(newUserOf(person), actor)
    if (!prepared.ok) return err([{ line: person.line, reason: reasons[prepared.error] }])
    const more = await withEach(prepared.value.user)
    records.push(...prepared.value.records, ...more.records)
    audit.push(...prepared.value.audit, ...more.audit)
    made.push(more.made)
    ends.push(prepared.value.done)
  }
  const done = await options.commit({ records, audit })
  if (done.kind === 'conflict') return err('busy')
  for (const end of ends) end()
  return ok(made)
}

const newUserOf = ({ line: _, role, ...person }: ListedPerson): NewUser => ({
  ...person,
  id: newUserId(),
  roles: [role],
  status: 'invited',
})

/** What is wrong with one, seen with those before. */
const problemOf = (
  person: ListedPerson,
  now: number,
  lines: Map<string, number>,
  known: ReadonlySet<string>,
): string | undefined => {
  const checked = checkNewUser(newUserOf(person), now)
  if (!checked.ok) return reasons[checked.error]
  const { email, birthDate } = checked.value
  const likeness = birthDate === undefined ? undefined : likenessOf(checked.value)
  if (likeness !== undefined && known.has(likeness))
    return 'there is an account with this name and birth date already'
  for (const [mark, what] of [
    [email, 'e-mail address'],
    [likeness, 'name and birth date'],
  ] as const) {
    if (mark === undefined) continue
    const before = lines.get(mark)
    if (before !== undefined) return `the same ${what} as in line ${before}`
    lines.set(mark, person.line)
  }
  return undefined
}

/** Two patients who share it are taken for one. */
const likenessOf = ({ name, birthDate }: Pick<User, 'name' | 'birthDate'>): string =>
  `${name.normalize('NFKC').toLowerCase()} ${birthDate}`

const reasons: Record<NewUserProblem, string> = {
  'bad-email': 'the e-mail address is none',
  'bad-name': 'the name has to be 1 to 80 characters that can be read',
  'bad-roles': 'the role is none',
  'bad-specialty': 'a specialty is for doctors, 1 to 80 characters that can be read',
  'bad-birth-date': 'a birth date is for patients, a day that has been, as yyyy-mm-dd',
  'email-taken': 'there is an account with this e-mail address already',
  'id-taken': 'the id that was drawn is taken; try again',
}
