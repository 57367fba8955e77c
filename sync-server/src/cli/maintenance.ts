/** Commands that are about the data as a whole, and no operation of a running server. */
import { parseArgs } from 'node:util'
import { OPERATOR } from '../admin/context.ts'
import { removeManifest } from '../backup/manifest.ts'
import { systemTimers } from '../base/timers.ts'
import type { Environment } from '../config/config.ts'
import { loadSealKey } from '../config/secret-file.ts'
import { Directory } from '../directory/directory.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import { mend } from '../doctor/mend.ts'
import { ok } from '../errors/result.ts'
import { exportDocs } from '../y-leveldb/export-docs.ts'
import { importDocs } from '../y-leveldb/import-docs.ts'
import { withFolder } from '../y-leveldb/read-folder.ts'
import { backup } from './backup-command.ts'
import { doctor } from './doctor-command.ts'
import { importCsv } from './import-command.ts'
import { type AdminOutcome, withStore } from './open-data.ts'
import { withReason } from './operation-command.ts'

export interface Maintenance {
  readonly usage: string
  readonly summary: string
  /** undefined: that is not how it is called. */
  run(args: readonly string[], env: Environment): Promise<AdminOutcome | undefined>
}

export const maintenance: Readonly<Record<string, Maintenance>> = {
  backup: {
    usage: 'backup <folder>',
    summary: 'copy everything into a new folder, open the copy and look at all of it',
    run: async ([folder, ...rest], env) =>
      folder === undefined || rest.length > 0 ? undefined : backup(folder, env),
  },
  restored: {
    usage: 'restored',
    summary: 'say that a backup was put in place: devices then give back what it lacks',
    run: async (args, env) =>
      args.length > 0
        ? undefined
        : withStore(
            env,
            async ({ epoch }, dataDir) => {
              await removeManifest(dataDir)
              return ok(`new epoch ${epoch}`)
            },
            { newEpoch: true },
          ),
  },
  doctor: {
    usage: 'doctor',
    summary:
      'look at all that is stored, files too; change nothing, say what is wrong and what to do',
    run: async (args, env) => (args.length > 0 ? undefined : doctor(env)),
  },
  mend: {
    usage: 'mend',
    summary: 'write again what follows from other records, where doctor says that it is missing',
    run: async (args, env) =>
      args.length > 0
        ? undefined
        : withStore(env, async (store, dataDir) => {
            const seal = new GroupSeal(await loadSealKey(dataDir))
            const directory = new Directory({ store, seal })
            const { records, documents } = await mend(store, directory, systemTimers.now, OPERATOR)
            return ok(
              [
                ...records,
                ...documents,
                `mended: ${records.length} records, ${documents.length} documents`,
              ].join('\n'),
            )
          }),
  },
  export: {
    usage: 'export --y-leveldb <folder>',
    summary: 'all documents, as the tools of Yjs read them; the folder must be empty, or not there',
    run: async (args, env) => {
      const folder = readFolder(args)
      if (folder === undefined) return undefined
      return withStore(env, (store) => withReason(exportDocs(store, folder)))
    },
  },
  import: {
    usage: 'import <people.csv> [--apply [--links <new file>]], or import --y-leveldb <folder>',
    summary:
      'make the accounts of a list (name, role, email, birth date, specialty), after a look without --apply; or give the database what people wrote in the documents of a folder and it lacks',
    run: async (args, env) => {
      const folder = readFolder(args)
      if (folder === undefined) return importFrom(args, env)
      return withStore(env, (store, dataDir) =>
        withReason(
          withFolder(folder, async (docs) =>
            importDocs(store, new GroupSeal(await loadSealKey(dataDir)), docs),
          ),
        ),
      )
    },
  },
}

const importFrom = async (
  args: readonly string[],
  env: Environment,
): Promise<AdminOutcome | undefined> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { apply: { type: 'boolean', default: false }, links: { type: 'string' } },
      allowPositionals: true,
    })
    const [path, ...rest] = positionals
    if (path === undefined || rest.length > 0) return undefined
    const { apply, links } = values
    return await importCsv(path, { apply, ...(links !== undefined && { links }) }, env)
  } catch {
    return undefined
  }
}

/** The folder after `--y-leveldb`. */
const readFolder = (args: readonly string[]): string | undefined => {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'y-leveldb': { type: 'string' } } })
    return values['y-leveldb'] || undefined
  } catch {
    return undefined
  }
}
