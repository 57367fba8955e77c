import type { AnyOperation } from '../operation.ts'
import { createUser } from './create-user.ts'
import { setBirthDate } from './set-birth-date.ts'
import { verifyAuditTrail } from './verify-audit.ts'

/** The table, in the order in which they are shown. */
export const operations: readonly AnyOperation[] = [createUser, setBirthDate, verifyAuditTrail]

export const operationNamed = (name: string): AnyOperation | undefined =>
  operations.find((each) => each.name === name)
