import { z } from 'zod'
import { auditFilterShape } from './audit.ts'

export const auditExportQuery = z.strictObject({
  ...auditFilterShape,
  format: z.enum(['csv', 'json']),
})
