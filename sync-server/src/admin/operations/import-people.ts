import { z } from 'zod'
import type { User } from '../../directory/user.ts'
import { ok } from '../../errors/result.ts'
import { linkPath } from '../../links/link-address.ts'
import { checkImport, type ImportOptions, importPeople } from '../../people/import-people.ts'
import { IMPORTED_ROLES, MAX_IMPORTED } from '../../people/people-csv.ts'
import type { AdminContext } from '../context.ts'
import { operation, refusal } from '../operation.ts'

const listed = z.object({
  line: z.int(),
  name: z.string(),
  role: z.enum(IMPORTED_ROLES),
  email: z.string().optional(),
  birthDate: z.string().optional(),
  specialty: z.string().optional(),
})

/** Lines that cannot be taken, or else whom it made. */
export const importAnswer = z.object({
  bad: z.array(z.object({ line: z.number(), reason: z.string() })),
  made: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      email: z.string().optional(),
      birthDate: z.string().optional(),
      /** Where they begin: a whole address, where the server knows its own. */
      link: z.string().optional(),
    }),
  ),
})
export type ImportAnswer = z.infer<typeof importAnswer>

const optionsOf = ({ store, directory, clock }: AdminContext): ImportOptions => ({
  store,
  directory,
  commit: (change) => store.commit(change),
  now: () => clock.now(),
})

const invitationOf = ({ waysIn, actor }: AdminContext, { id: user, stamp }: User) =>
  waysIn.links.prepare({ kind: 'invitation', user, stamp, createdBy: actor })

/** What the command asks of a server, or of the data, once it has read a list of people. */
export const importList = operation({
  name: 'import-list',
  summary: 'make the accounts of a list, all of them or none',
  input: z.strictObject({
    people: z.array(listed).max(MAX_IMPORTED),
    /** Otherwise it is only looked at. */
    apply: z.boolean(),
    /** With a link for each, by which they begin. */
    links: z.boolean(),
  }),
  async run(context, { people, apply, links }) {
    const options = optionsOf(context)
    const list = people.map(({ email, birthDate, specialty, ...person }) => ({
      ...person,
      ...(email !== undefined && { email }),
      ...(birthDate !== undefined && { birthDate }),
      ...(specialty !== undefined && { specialty }),
    }))
    if (!apply) return ok<ImportAnswer>({ bad: [...(await checkImport(options, list))], made: [] })
    const done = await importPeople(options, list, context.actor, async (user) => {
      const { id, name, email, birthDate } = user
      const link = links ? await invitationOf(context, user) : undefined
      return {
        records: link?.records ?? [],
        audit: link?.audit ?? [],
        made: {
          id,
          name,
          ...(email !== undefined && { email }),
          ...(birthDate !== undefined && { birthDate }),
          ...(link && { link: (context.appUrl ?? '') + linkPath(link.made) }),
        },
      }
    })
    if (done.ok) return ok<ImportAnswer>({ bad: [], made: [...done.value] })
    if (done.error === 'busy')
      return refusal(
        'server-busy',
        'others changed something meanwhile, and nobody was made: try again',
      )
    return ok<ImportAnswer>({ bad: [...done.error], made: [] })
  },
  print: ({ made }) => `made: ${made.length}`,
})
