/** `/healthz`: up means that what people write and send can be saved. */
import { Router } from 'express'
import type { HealthNotes } from '../base/health-notes.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import { endpoint } from './endpoint.ts'
import { refuseMethod } from './failures.ts'

/** Milliseconds for which a verdict holds, so that asking often costs no durable writes. */
const VERDICT_AGE = 1000
/** Milliseconds after which a write that does not end counts as failed. */
const PATIENCE = 5000

export interface HealthDeps {
  readonly store: Pick<Store, 'health'>
  /** Whether files can be taken in and given out. Never rejects. */
  readonly filesUsable: () => Promise<boolean>
  readonly notes: Pick<HealthNotes, 'list'>
  /** Milliseconds since some moment. */
  readonly elapsed: () => number
}

type Verdict = Result<undefined, Failure>

export const healthRoutes = ({ store, filesUsable, notes, elapsed }: HealthDeps): Router => {
  let asked: { readonly at: number; readonly verdict: Promise<Verdict> } | undefined
  const look = async (): Promise<Verdict> => {
    const [health, usable] = await Promise.all([store.health(), filesUsable()])
    if (!health.ok) return failure('store-unavailable')
    return usable ? ok(undefined) : failure('files-unavailable')
  }
  const verdict = (): Promise<Verdict> => {
    if (asked === undefined || elapsed() - asked.at >= VERDICT_AGE)
      asked = { at: elapsed(), verdict: withPatience(look()) }
    return asked.verdict
  }
  const router = Router()
  router
    .route('/')
    .get(
      endpoint(async () => {
        const found = await verdict()
        if (!found.ok) return found
        const noted = notes.list()
        return ok({
          status: 200,
          body: { status: 'ok', ...(noted.length > 0 && { notes: noted }) },
        })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))
  return router
}

const withPatience = async (looking: Promise<Verdict>): Promise<Verdict> => {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => resolve(failure('store-unavailable')), PATIENCE)
  })
  const verdict = await Promise.race([looking, tooLong])
  clearTimeout(timer)
  return verdict
}
