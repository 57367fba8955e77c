import { backupNote, noteBackup as writeNote } from '../../backup/last-backup.ts'
import { ok } from '../../errors/result.ts'
import { operation } from '../operation.ts'

/** What the command tells the server of the backup that it made, or could not make. */
export const noteBackup = operation({
  name: 'note-backup',
  summary: 'note that a backup was made, or was not',
  input: backupNote,
  async run({ store, actor }, note) {
    await writeNote(store, note, actor)
    return ok(undefined)
  },
  print: () => 'noted',
})
