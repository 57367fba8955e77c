/** `/healthz`: up means that what people write can be saved. */
import { Router } from 'express'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import type { Store, StoreHealth } from '../storage/store.ts'
import { endpoint } from './endpoint.ts'
import { refuseMethod } from './failures.ts'

/** Milliseconds for which a verdict holds, so that asking often costs no durable writes. */
const VERDICT_AGE = 1000
/** Milliseconds after which a write that does not end counts as failed. */
const PATIENCE = 5000

export const healthRoutes = (store: Pick<Store, 'health'>, now: () => number): Router => {
  let asked: { readonly at: number; readonly verdict: Promise<boolean> } | undefined
  const isHealthy = (): Promise<boolean> => {
    if (asked === undefined || now() - asked.at >= VERDICT_AGE)
      asked = { at: now(), verdict: withPatience(store.health()) }
    return asked.verdict
  }
  const router = Router()
  router
    .route('/')
    .get(
      endpoint(async () =>
        (await isHealthy())
          ? ok({ status: 200, body: { status: 'ok' } })
          : failure('store-unavailable'),
      ),
    )
    .all(refuseMethod('GET', 'HEAD'))
  return router
}

const withPatience = async (health: Promise<StoreHealth>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE)
  })
  const verdict = await Promise.race([health.then(({ ok }) => ok), tooLong])
  clearTimeout(timer)
  return verdict
}
