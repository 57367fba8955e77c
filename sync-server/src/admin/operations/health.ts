/** How the server does: what an admin looks at before calling somebody. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { readLastBackup } from '../../backup/last-backup.ts'
import { ok } from '../../errors/result.ts'
import { actionTerm } from '../../storage/audit-index.ts'
import { operation } from '../operation.ts'

/** Refusals of each kind that are counted. */
const MAX_COUNTED = 1_000
const DAY = 24 * 3_600_000

const times = z.number().meta({ description: 'Milliseconds since 1970.' })
const bytes = z.number()
const refusals = z.int().min(0).max(MAX_COUNTED)

const healthSchema = z.object({
  version: z.string(),
  node: z.string(),
  startedAt: times.optional(),
  saves: z.object({
    ok: z.boolean(),
    ms: z.number().optional().meta({ description: 'How long a durable write took just now.' }),
    p50: z.number().optional().meta({ description: 'Half of the last ones took less, ms.' }),
    p99: z.number().optional(),
  }),
  storage: z.object({ database: bytes, files: bytes, free: bytes }).optional(),
  connections: z.object({ sockets: z.int().min(0), people: z.int().min(0) }).optional(),
  refusals: z
    .object({ updates: refusals, requests: refusals, signIns: refusals })
    .meta({ description: `In the last 24 hours; ${MAX_COUNTED} stands for more as well.` }),
  pushWaiting: z.int().min(0).optional(),
  backup: z.object({
    madeAt: times.optional(),
    failedAt: times.optional().meta({ description: 'Of a later attempt that failed.' }),
  }),
  notes: z.array(z.object({ code: z.string(), count: z.int().min(1) })),
})

export const health = operation({
  name: 'health',
  summary: 'show how the server does: storage, connections, refusals, the last backup',
  input: z.strictObject({}),
  http: {
    method: 'get',
    path: '/health',
    output: { name: 'ServerHealth', schema: healthSchema },
  },
  async run({ store, clock, vitals }) {
    const from = clock.now() - DAY
    const count = async (action: string): Promise<number> =>
      (await store.findAudit({ term: actionTerm(action), from }, MAX_COUNTED)).length
    const [version, saved, storage, backup, updates, requests, signIns] = await Promise.all([
      ownVersion(),
      store.health(),
      vitals?.storage().catch(() => undefined),
      readLastBackup(store),
      count('update.refused'),
      count('api.refused'),
      count('login.failed'),
    ])
    const commits = vitals?.commits.read()
    return ok({
      version,
      node: process.version,
      ...(vitals && { startedAt: vitals.startedAt }),
      saves: {
        ok: saved.ok,
        ...(saved.ok && { ms: saved.ms }),
        ...(commits && { p50: commits.p50, p99: commits.p99 }),
      },
      ...(storage && { storage }),
      ...(vitals && { connections: vitals.connections(), pushWaiting: vitals.pushWaiting() }),
      refusals: { updates, requests, signIns },
      backup: {
        ...(backup.made && { madeAt: backup.made.at }),
        ...(backup.failed && { failedAt: backup.failed.at }),
      },
      notes: [...(vitals?.notes() ?? [])],
    })
  },
  print: (report) => JSON.stringify(report, undefined, 2),
})

/** Of this package, seen from the sources and from the compiled server alike. */
const ownVersion = async (): Promise<string> => {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
