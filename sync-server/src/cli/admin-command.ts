/** What `admin.ts` does, apart from the process around it. */
import { readFile, stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openContext } from '../admin/open-context.ts'
import type { AnyOperation, Refusal } from '../admin/operation.ts'
import { operationNamed, operations } from '../admin/operations/table.ts'
import { type Environment, readConfig } from '../config/config.ts'
import { loadSealKey } from '../config/secret-file.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import { errorCatalogue } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { LevelStore, type LevelStoreOptions } from '../storage/level-store.ts'
import { StoreError } from '../storage/store-error.ts'
import { exportDocs } from '../y-leveldb/export-docs.ts'
import { importDocs } from '../y-leveldb/import-docs.ts'
import { withFolder } from '../y-leveldb/read-folder.ts'
import { readInputOf, usageOf } from './command-line.ts'
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

const USAGE = `usage:
${operations.map((each) => `  admin.js ${usageOf(each)}\n    ${each.summary}`).join('\n')}
  admin.js doctor
    look at all that is stored, files too, change nothing, and name what is damaged
  admin.js restored
    after putting a backup in place: devices then give back what it lacks
  admin.js recovery
    say what came back since, and what did not
  admin.js export --y-leveldb <folder>
    all documents, as the tools of Yjs read them; the folder must be empty, or not there
  admin.js import --y-leveldb <folder>
    what people wrote in its documents and the database lacks; nothing is replaced
DATA_DIR names the data directory that the server uses; each command says which one it worked on.
Stop the server first: only one process can open it.`

/** Runs one command. Only broken invariants throw. */
export const runAdmin = async (input: AdminInput): Promise<AdminOutcome> => {
  const [command, ...args] = input.args
  const operation = operationNamed(command ?? '')
  if (operation !== undefined) return runOperation(operation, args, input)
  if (command === 'doctor') {
    const config = readConfig(input.env)
    return config.ok ? runDoctor(config.value.dataDir) : config
  }
  if (command === 'recovery')
    return withStore(input.env, async (store) => ok((await recoveryReport(store)).join('\n')))
  if (command === 'export' || command === 'import') {
    const folder = readFolder(args)
    if (folder === undefined || folder === '') return err(USAGE)
    return command === 'export' ? exportTo(folder, input.env) : importFrom(folder, input.env)
  }
  if (command === 'restored')
    return withStore(input.env, async ({ epoch }) => ok(`new epoch ${epoch}`), { newEpoch: true })
  return err(USAGE)
}

/** One of the table, over the database of a stopped server. */
const runOperation = async (
  operation: AnyOperation,
  args: readonly string[],
  input: AdminInput,
): Promise<AdminOutcome> => {
  const config = readConfig(input.env)
  if (!config.ok) return config
  const read = await readInputOf(operation, args, { readFile, ...input })
  if (!read.ok) return read
  return withStore(input.env, async (store) => {
    const done = await operation.call(await openContext(store, config.value), read.value)
    return done.ok ? ok(done.value.text) : err(sayRefusal(done.error))
  })
}

const sayRefusal = ({ code, message }: Refusal): string => message ?? errorCatalogue[code].meaning

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

/** The folder after `--y-leveldb`. */
const readFolder = (args: readonly string[]): string | undefined => {
  try {
    return parseArgs({ args: [...args], options: { 'y-leveldb': { type: 'string' } } }).values[
      'y-leveldb'
    ]
  } catch {
    return undefined
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
