import { resolve } from 'node:path'
import { noteBackup } from '../admin/operations/note-backup.ts'
import { COPY, copyResult } from '../admin/socket/messages.ts'
import { beginBackup } from '../backup/backup-folder.ts'
import { MAX_REASON } from '../backup/last-backup.ts'
import { type BackupSource, inMiB, makeBackup } from '../backup/make-backup.ts'
import { systemTimers } from '../base/timers.ts'
import type { Environment } from '../config/config.ts'
import { err, ok } from '../errors/result.ts'
import { type Access, type AdminOutcome, withData } from './open-data.ts'
import { perform, sayRefusal, withReason } from './operation-command.ts'

/** `admin.js backup <folder>`. What came of it is noted, for whoever looks after the server. */
export const backup = (to: string, env: Environment): Promise<AdminOutcome> =>
  withData(env, async (access) => {
    const folder = resolve(to)
    const begun = await withReason(beginBackup(folder, access.config.dataDir))
    if (!begun.ok) return begun
    const made = await withReason(makeBackup(sourceOf(access), folder, systemTimers.now))
    if (!made.ok) {
      const failed = made.error.slice(0, MAX_REASON)
      await perform(noteBackup, access, { at: systemTimers.now(), folder, failed })
      return made
    }
    const { at, seq, files, bytes, problems } = made.value
    const note = { at, folder, seq, files, bytes, problems: problems.length }
    const noted = await perform(noteBackup, access, note)
    const what = `${inMiB(bytes)} with ${files} files, up to change ${seq}, are in ${folder}, and were looked at`
    if (!noted.ok) return err(`${what}; that could not be noted: ${sayRefusal(noted.error)}`)
    if (problems.length === 0) return ok(what)
    const lines = [`${what}; what was damaged before is so in it, too:`, ...problems]
    return err([...lines, 'See admin.js doctor.'].join('\n'))
  })

const sourceOf = (access: Access): BackupSource => {
  const { dataDir } = access.config
  if (access.kind === 'stopped')
    return { dataDir, copyDatabase: async (folder) => ok(await access.store.copyTo(folder)) }
  return {
    dataDir,
    async copyDatabase(folder) {
      const copied = await access.server.call(COPY, { folder })
      return copied.ok ? ok(copyResult.parse(copied.value.value)) : err(sayRefusal(copied.error))
    },
  }
}
