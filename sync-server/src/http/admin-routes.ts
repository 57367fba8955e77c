/** `/api/admin`: the table of admin operations, for who is an admin. */
import { parseUserId } from '@wardline/core/base/ids'
import { Router } from 'express'
import type { AdminContext } from '../admin/context.ts'
import type { AnyOperation } from '../admin/operation.ts'
import { auditExportQuery } from '../admin/operations/audit-export-query.ts'
import { operations } from '../admin/operations/table.ts'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import { may } from '../permissions/permissions.ts'
import { queryOf, readAdminInput } from './admin-input.ts'
import { auditExport } from './audit-export.ts'
import { refuseMethod } from './failures.ts'
import type { Guard } from './user-throttle.ts'

export interface AdminRoutesOptions {
  /** What operations work on, in the name of a user. */
  readonly context: (actor: string) => AdminContext
  readonly guard: Guard
}

export const adminRoutes = ({ context, guard }: AdminRoutesOptions): Router => {
  const router = Router({ caseSensitive: true })
  for (const [path, rows] of byPath()) {
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1'))
    for (const { operation, http } of rows)
      route[http.method](
        guard(async (request, { userId, roles }) => {
          if (!may('administer', roles)) return failure('role-refused')
          const input = readAdminInput(request, operation, http)
          if (!input.ok) return input
          const done = await operation.call(context(userId), input.value)
          if (!done.ok) return done
          if (http.output === undefined) return ok({ status: 204 })
          return ok({ status: 200, body: done.value.value as object })
        }),
      )
    const methods = rows.map(({ http }) => http.method.toUpperCase())
    route.all(refuseMethod(...(methods.includes('GET') ? [...methods, 'HEAD'] : methods)))
  }
  router
    .route('/audit/export')
    .get(
      guard(async (request, { userId, roles }) => {
        if (!may('administer', roles)) return failure('role-refused')
        const query = auditExportQuery.safeParse(queryOf(request, auditExportQuery))
        if (!query.success) return failure('bad-request')
        return auditExport(context(userId), query.data)
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))
  router
    .route('/people/:user/export')
    .get(
      guard(async (request, { userId, roles }) => {
        if (!may('administer', roles)) return failure('role-refused')
        const user = parseUserId(String(request.params.user))
        if (user === undefined) return failure('bad-request')
        const archive = await context(userId).exports.archive(user, userId)
        if (!archive.ok) return failure(archive.error)
        const headers = {
          'Content-Type': 'application/zip',
          'Content-Disposition': `attachment; filename="${user}.zip"`,
        }
        return ok({ status: 200, headers, stream: archive.value })
      }),
    )
    .all(refuseMethod('GET', 'HEAD'))
  return router
}

interface Row {
  readonly operation: AnyOperation
  readonly http: NonNullable<AnyOperation['http']>
}

const byPath = (): ReadonlyMap<string, readonly Row[]> => {
  const paths = new Map<string, Row[]>()
  for (const operation of operations) {
    const { http } = operation
    if (http !== undefined)
      paths.set(http.path, [...(paths.get(http.path) ?? []), { operation, http }])
  }
  // An address of words goes before one with fields.
  return new Map([...paths].sort(([a], [b]) => a.split('{').length - b.split('{').length))
}
