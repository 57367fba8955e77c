import { z } from 'zod'
import { ok } from '../../errors/result.ts'
import { verifyAudit } from '../../storage/audit.ts'
import { operation, refusal } from '../operation.ts'

export const verifyAuditTrail = operation({
  name: 'verify-audit',
  summary: 'compute the chain of the audit trail anew, and compare',
  input: z.strictObject({}),
  async run({ store }) {
    const verdict = await verifyAudit(store)
    return verdict.kind === 'intact'
      ? ok(verdict.tip)
      : refusal('internal', `the audit trail is broken at line ${verdict.at}`)
  },
  print: ({ n, hash }) => `the audit trail is intact: ${n} lines, tip ${hash}`,
})
