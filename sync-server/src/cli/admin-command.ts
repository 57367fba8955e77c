/** What `admin.ts` does, apart from the process around it. */
import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { parseBirthDate } from '@wardline/core/chat/birth-date'
import { hashPassword, MAX_PASSWORD, MIN_PASSWORD } from '../auth/password.ts'
import { type PasswordProblem, passwordProblem } from '../auth/password-rules.ts'
import { type Environment, readConfig } from '../config/config.ts'
import { loadSealKey } from '../config/secret-file.ts'
import { Directory, newUserId } from '../directory/directory.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import type { NewUserProblem } from '../directory/new-user.ts'
import type { Role } from '../directory/user.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { verifyAudit } from '../storage/audit.ts'
import { LevelStore, type LevelStoreOptions } from '../storage/level-store.ts'
import type { Store } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import { exportDocs } from '../y-leveldb/export-docs.ts'
import { importDocs } from '../y-leveldb/import-docs.ts'
import { withFolder } from '../y-leveldb/read-folder.ts'
import { runDoctor } from './doctor.ts'
import { recoveryReport } from './recovery-report.ts'

export interface AdminInput {
  /** Without the program's own name. */
  readonly args: readonly string[]
  readonly env: Environment
  /** Standard input, to its end. */
  readonly readInput: () => Promise<string>
}

/** One line to print, or one line that says what is wrong. */
export type AdminOutcome = Result<string, string>

const USAGE = `usage: admin.js create-user --email … --name … --role doctor [--specialty …]
       admin.js create-user --email … --name … --role patient [--birth-date yyyy-mm-dd]
         (the password comes from standard input)
       admin.js set-birth-date --email … --birth-date yyyy-mm-dd
         (of a patient; it reaches the chats that there are)
       admin.js verify-audit
       admin.js doctor
         (looks at all that is stored, files too, changes nothing, and names what is damaged)
       admin.js restored
         (after putting a backup in place: devices then give back what it lacks)
       admin.js recovery
         (what came back since, and what did not)
       admin.js export --y-leveldb <folder>
         (all documents, as the tools of Yjs read them; the folder must be empty, or not there)
       admin.js import --y-leveldb <folder>
         (what people wrote in its documents and the database lacks; nothing is replaced)
DATA_DIR names the data directory that the server uses; each command says which one it worked on.
Stop the server first: only one process can open it.`

const passwordProblems: Record<PasswordProblem, string> = {
  'too-short': `the password must have at least ${MIN_PASSWORD} characters`,
  'too-long': `the password must have at most ${MAX_PASSWORD} characters`,
  'easy-to-guess':
    'the password is easy to guess: choose one that is not common and has nothing of the name, as four words that do not belong together',
}

const problems: Record<NewUserProblem, string> = {
  'bad-email': '--email is not an email address',
  'bad-name': '--name must be 1 to 80 printable characters',
  'bad-specialty': '--specialty is for doctors, 1 to 80 printable characters',
  'bad-birth-date': '--birth-date is for patients, a day that has been, as yyyy-mm-dd',
  'email-taken': 'there is an account with this email address already',
  'id-taken': 'the id that was drawn is taken; try again',
}

/** Runs one command. Only broken invariants throw. */
export const runAdmin = async (input: AdminInput): Promise<AdminOutcome> => {
  const [command, ...args] = input.args
  if (command === 'create-user') return createUser(args, input)
  if (command === 'set-birth-date') return setBirthDate(args, input)
  if (command === 'verify-audit') return withStore(input.env, verify)
  if (command === 'doctor') {
    const config = readConfig(input.env)
    return config.ok ? runDoctor(config.value.dataDir) : config
  }
  if (command === 'recovery')
    return withStore(input.env, async (store) => ok((await recoveryReport(store)).join('\n')))
  if (command === 'export' || command === 'import') {
    const folder = readValues(args)?.['y-leveldb']
    if (folder === undefined || folder === '') return err(USAGE)
    return command === 'export' ? exportTo(folder, input.env) : importFrom(folder, input.env)
  }
  if (command === 'restored')
    return withStore(input.env, async ({ epoch }) => ok(`new epoch ${epoch}`), { newEpoch: true })
  return err(USAGE)
}

const createUser = async (
  args: readonly string[],
  { env, readInput }: AdminInput,
): Promise<AdminOutcome> => {
  const options = readOptions(args)
  if (options === undefined) return err(USAGE)
  const password = (await readInput()).replace(/\r?\n$/, '')
  const { name, email, birthDate = '' } = options
  const problem = passwordProblem(password, [name, email, birthDate])
  if (problem !== undefined) return err(passwordProblems[problem])
  return withStore(env, async (store) => {
    const made = await new Directory({ store }).createUser({
      ...options,
      id: newUserId(),
      passwordHash: await hashPassword(password),
    })
    return made.ok ? ok(`created ${made.value.role} ${made.value.id}`) : err(problems[made.error])
  })
}

const setBirthDate = async (
  args: readonly string[],
  { env }: AdminInput,
): Promise<AdminOutcome> => {
  const values = readValues(args)
  const { email, 'birth-date': text } = values ?? {}
  if (email === undefined || text === undefined) return err(USAGE)
  const birthDate = parseBirthDate(text)
  if (birthDate === undefined) return err(problems['bad-birth-date'])
  return withStore(env, async (store) => {
    const directory = new Directory({ store })
    const user = await directory.findByEmail(email)
    if (user?.role !== 'patient') return err('there is no patient with this email address')
    const done = await directory.birthDates.set(user.id, birthDate)
    if (done.ok) return ok(`${user.id} was born ${birthDate}`)
    return err(done.error === 'bad-birth-date' ? problems[done.error] : 'try again')
  })
}

const verify = async (store: Store): Promise<AdminOutcome> => {
  const verdict = await verifyAudit(store)
  return verdict.kind === 'intact'
    ? ok(`the audit trail is intact: ${verdict.tip.n} lines, tip ${verdict.tip.hash}`)
    : err(`the audit trail is broken at line ${verdict.at}`)
}

/** What is wrong with a folder, or with the disk under it, is for the operator to read. */
const withReason = (work: Promise<AdminOutcome>): Promise<AdminOutcome> =>
  work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined || error instanceof StoreError) throw error
    return err(error.message)
  })

const exportTo = (folder: string, env: Environment): Promise<AdminOutcome> =>
  withStore(env, (store) => withReason(exportDocs(store, folder)))

const importFrom = (folder: string, env: Environment): Promise<AdminOutcome> =>
  withStore(env, (store, dataDir) =>
    withReason(
      withFolder(folder, async (docs) =>
        importDocs(store, new GroupSeal(await loadSealKey(dataDir)), docs),
      ),
    ),
  )

interface UserOptions {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly specialty?: string
  readonly birthDate?: string
}

const option = { type: 'string' } as const
const options = {
  email: option,
  name: option,
  role: option,
  specialty: option,
  'birth-date': option,
  'y-leveldb': option,
}

/** Undefined for an option that is not there: the caller shows those that are. */
const readValues = (
  args: readonly string[],
): Partial<Record<keyof typeof options, string>> | undefined => {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch {
    return undefined
  }
}

const readOptions = (args: readonly string[]): UserOptions | undefined => {
  const { email, name, role, specialty, 'birth-date': birthDate } = readValues(args) ?? {}
  if (email === undefined || name === undefined) return undefined
  if (role !== 'doctor' && role !== 'patient') return undefined
  return {
    email,
    name,
    role,
    ...(specialty !== undefined && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
  }
}

/** Opens the database that is there, and adds to the outcome which one it was. Never makes one. */
const withStore = async (
  env: Environment,
  use: (store: LevelStore, dataDir: string) => Promise<AdminOutcome>,
  options: Omit<LevelStoreOptions, 'create'> = {},
): Promise<AdminOutcome> => {
  const config = readConfig(env)
  if (!config.ok) return config
  const { dataDir } = config.value
  const stranger = await strangerTo(dataDir)
  if (stranger !== undefined) return err(`${dataDir} ${stranger}`)
  let store: LevelStore | undefined
  try {
    let lost = ''
    const onLoss = (): void => {
      lost = '; it lacks changes that it had stored, see admin.js recovery'
    }
    store = await LevelStore.open(dataDir, { ...options, onLoss })
    const outcome = await use(store, dataDir)
    return outcome.ok
      ? ok(`${outcome.value}, in ${dataDir}${lost}`)
      : err(`${outcome.error} (${dataDir})`)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    switch (error.code) {
      case 'STORE_LOCKED':
        return err(`${dataDir} is in use: stop the server, then try again`)
      case 'STORE_MISSING':
        return err(
          `there is no database in ${dataDir}: DATA_DIR has to name the one that the server uses, which makes it at its first start`,
        )
      default:
        return err(`${dataDir}: ${error.message}`)
    }
  } finally {
    await store?.close()
  }
}

/**
 * What this process would make in the folder of another account, that account could not read: its
 * server would not start again.
 */
const strangerTo = async (dataDir: string): Promise<string | undefined> => {
  const owner = await stat(dataDir).then(
    ({ uid }) => uid,
    () => undefined, // Opening it says what is wrong with it.
  )
  const own = process.geteuid?.()
  if (owner === undefined || own === undefined || owner === own) return undefined
  return `belongs to the account with the number ${owner}, and this runs as ${own}: run it as the account that the server runs as`
}
