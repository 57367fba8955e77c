/** What was done, by whom and when, as an auditor asks. */
import { directPair, parseChatId, parseUserId, type UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import { type FoundLine, findLines, readPlace, writePlace } from '../../audit/search.ts'
import type { Directory } from '../../directory/directory.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

/** Lines in one answer. */
export const MAX_LINES = 200
const USUAL_LINES = 50

const time = z.int().min(0).optional()
/** What all lines have in common that are asked for. */
export const auditFilterShape = {
  about: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Id of a person, or of what else acts, is acted upon, or is concerned.' }),
  action: z
    .string()
    .max(100)
    .regex(/^[a-z-]+(?:\.[a-z-]+)?$/)
    .optional()
    .meta({ description: 'As `user.disabled`; or what stands before the dot.' }),
  from: time.meta({ description: 'Milliseconds since 1970: not before.' }),
  until: time.meta({ description: 'Milliseconds since 1970: before.' }),
}

/** The parts of a filter that were given. */
export const auditFilterOf = ({
  about,
  action,
  from,
  until,
}: {
  readonly [field in 'about' | 'action']?: string | undefined
} & { readonly [field in 'from' | 'until']?: number | undefined }) => ({
  ...(about !== undefined && { about }),
  ...(action !== undefined && { action }),
  ...(from !== undefined && { from }),
  ...(until !== undefined && { until }),
})

const lineSchema = z.object({
  n: z.int().min(1).meta({ description: 'Its number in the chain.' }),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string().optional(),
  concerns: z.array(z.string()).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})

export const audit = operation({
  name: 'audit',
  summary: 'look into the audit trail, newest first',
  input: z.strictObject({
    ...auditFilterShape,
    limit: z.int().min(1).max(MAX_LINES).default(USUAL_LINES),
    before: z
      .string()
      .max(40)
      .optional()
      .meta({ description: 'The `next` of the answer before: goes on with older lines.' }),
  }),
  http: {
    method: 'get',
    path: '/audit',
    output: {
      name: 'AuditLines',
      schema: z.object({
        lines: z.array(lineSchema),
        next: z.string().nullable().meta({ description: 'Null: there are no older ones.' }),
        names: z
          .record(z.string(), z.string())
          .meta({ description: 'Names of the people whose ids stand in these lines.' }),
      }),
    },
  },
  async run({ store, directory }, { limit, before, ...filter }) {
    const place = before === undefined ? undefined : readPlace(before)
    if (before !== undefined && place === undefined) return refusal('bad-request')
    const found = await findLines(store, auditFilterOf(filter), {
      limit,
      ...(place && { before: place }),
    })
    return ok({
      lines: found.lines.map(({ n, at, actor, action, subject, concerns, details }) => ({
        n,
        at,
        actor,
        action,
        ...(subject !== undefined && { subject }),
        ...(concerns !== undefined && { concerns: [...concerns] }),
        ...(details !== undefined && { details }),
      })),
      next: found.next === undefined ? null : writePlace(found.next),
      names: await namesOf(directory, found.lines),
    })
  },
  print: ({ lines, names }) =>
    lines
      .map(({ at, actor, action, subject = '' }) =>
        [new Date(at).toISOString(), names[actor] ?? actor, action, names[subject] ?? subject].join(
          '  ',
        ),
      )
      .join('\n'),
})

const namesOf = async (
  directory: Directory,
  lines: readonly FoundLine[],
): Promise<Record<string, string>> => {
  const ids = new Set(lines.flatMap(peopleIn))
  const found = await Promise.all(
    [...ids].map(async (id) => [id, (await directory.getUser(id))?.name] as const),
  )
  return Object.fromEntries(found.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])))
}

const peopleIn = ({ actor, subject = '', concerns = [] }: FoundLine): UserId[] => {
  const chat = parseChatId(subject)
  const pair = chat === undefined ? undefined : directPair(chat)
  const ids = [actor, subject, ...concerns].map((text) => parseUserId(text))
  return [...ids, pair?.patient, pair?.doctor].filter((id) => id !== undefined)
}
