/** `/api/admin/audit/export`: lines of the audit trail as a file. */
import type { z } from 'zod'
import type { AdminContext } from '../admin/context.ts'
import { auditFilterOf } from '../admin/operations/audit.ts'
import type { auditExportQuery } from '../admin/operations/audit-export-query.ts'
import { type ExportFormat, exportLines } from '../audit/export-lines.ts'
import type { Failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { Reply } from './endpoint.ts'

const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json',
}

/** Newest first, piece by piece. That it was taken is a line itself. Rejects with `StoreError`. */
export const auditExport = async (
  { store, clock, actor }: AdminContext,
  { format, ...given }: z.output<typeof auditExportQuery>,
): Promise<Result<Reply, Failure>> => {
  const filter = auditFilterOf(given)
  const at = clock.now()
  await store.commit({
    audit: [{ at, actor, action: 'audit.exported', details: { ...filter, format } }],
  })
  const day = new Date(at).toISOString().slice(0, 10)
  return ok({
    status: 200,
    headers: {
      'Content-Type': types[format],
      'Content-Disposition': `attachment; filename="audit-${day}.${format}"`,
    },
    stream: exportLines(store, filter, format),
  })
}
