import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { userIdSchema } from '../../directory/user.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

/** Not over HTTP, where an archive is sent instead. */
export const exportPerson = operation({
  name: 'export-person',
  summary: 'write what the clinic has of a person into a folder: account, chats and files',
  input: z.strictObject({
    user: userIdSchema.meta({ description: 'The id of an account.' }),
    folder: z
      .string()
      .refine(isAbsolute, 'a path from the root of the file system, as /home/clinic/kim')
      .meta({ description: 'Empty, or not there; a path from the root of the file system.' }),
  }),
  commandLine: { arguments: ['user', 'folder'] },
  async run({ exports, actor }, { user, folder }) {
    try {
      const done = await exports.folder(user, folder, actor)
      if (done.ok) return ok({ user, folder, files: done.value })
      return done.error === 'folder-in-use'
        ? refusal('bad-request', `${folder} is not empty`)
        : refusal(done.error)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      // What is wrong with the folder is for whoever named it.
      if (code === undefined || code.startsWith('STORE_')) throw error
      return refusal('bad-request', message)
    }
  },
  print: ({ user, folder, files }) => `${files} files of ${user} in ${folder}`,
})
