/** How a command gets at the data: through the server that runs on it, or at the database itself. */
import { stat } from 'node:fs/promises'
import { type AdminClient, connectToServer } from '../admin/socket/admin-client.ts'
import { adminSocketPath } from '../admin/socket/path.ts'
import { type Config, type Environment, readConfig } from '../config/config.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { LevelStore, type LevelStoreOptions } from '../storage/level-store.ts'
import { StoreError } from '../storage/store-error.ts'

/** Lines to print, or lines that say what is wrong. */
export type AdminOutcome = Result<string, string>

export type Access =
  | { readonly kind: 'running'; readonly server: AdminClient; readonly config: Config }
  | { readonly kind: 'stopped'; readonly store: LevelStore; readonly config: Config }

/** Works with whichever there is. The outcome says which data it was. */
export const withData = async (
  env: Environment,
  use: (access: Access) => Promise<AdminOutcome>,
): Promise<AdminOutcome> => {
  const config = await configOf(env)
  if (!config.ok) return config
  const { dataDir } = config.value
  const server = await connectToServer(dataDir)
  if (!server.ok) return server
  if (server.value === undefined)
    return withStore(env, (store) => use({ kind: 'stopped', store, config: config.value }))
  try {
    return named(
      await use({ kind: 'running', server: server.value, config: config.value }),
      dataDir,
    )
  } finally {
    server.value.close()
  }
}

/** Opens the database that is there, which no server may have open. Never makes one. */
export const withStore = async (
  env: Environment,
  use: (store: LevelStore, dataDir: string) => Promise<AdminOutcome>,
  options: Omit<LevelStoreOptions, 'create'> = {},
): Promise<AdminOutcome> => {
  const config = await configOf(env)
  if (!config.ok) return config
  const { dataDir } = config.value
  let store: LevelStore | undefined
  try {
    let lost = ''
    const onLoss = (): void => {
      lost = '; it lacks changes that it had stored, see admin.js recovery'
    }
    store = await LevelStore.open(dataDir, { ...options, onLoss })
    return named(await use(store, dataDir), dataDir, lost)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    switch (error.code) {
      case 'STORE_LOCKED': {
        const { why } = adminSocketPath(dataDir)
        const cause = why === '' ? '' : ` (it cannot be asked while it runs: ${why})`
        return err(`${dataDir} is in use: stop the server, then try again${cause}`)
      }
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

const named = (outcome: AdminOutcome, dataDir: string, lost = ''): AdminOutcome => {
  if (!outcome.ok) return err(`${outcome.error} (${dataDir})`)
  const [before, after] = outcome.value.includes('\n') ? ['\n', 'In'] : [', ', 'in']
  return ok(`${outcome.value}${before}${after} ${dataDir}${lost}`)
}

/** Fails for the data of another account, too. */
export const configOf = async (env: Environment): Promise<Result<Config, string>> => {
  const config = readConfig(env)
  if (!config.ok) return config
  const { dataDir } = config.value
  const stranger = await strangerTo(dataDir)
  return stranger === undefined ? config : err(`${dataDir} ${stranger}`)
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
