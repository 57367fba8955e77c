/** `/api/clinic`: how the clinic presents itself, to everybody, signed in or not. */
import { Router } from 'express'
import type { Clinic } from '../clinic/clinic.ts'
import { ok } from '../errors/result.ts'
import { endpoint } from './endpoint.ts'
import { refuseMethod } from './failures.ts'

export const clinicRoutes = (clinic: Pick<Clinic, 'named'>): Router => {
  const router = Router({ caseSensitive: true })
  router
    .route('/')
    .get(
      endpoint(async (request) => {
        const { settings, tag } = await clinic.named()
        const etag = `"${tag}"`
        const headers = { ETag: etag, 'Cache-Control': 'no-cache' }
        // Devices ask whenever somebody comes back to the app: mostly there is nothing new.
        if (request.headers['if-none-match'] === etag) return ok({ status: 304, headers })
        return ok({ status: 200, headers, body: settings })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))
  return router
}
