import type { AnyOperation } from '../operation.ts'
import { createUser } from './create-user.ts'
import { people, person } from './people.ts'
import { setBirthDate } from './set-birth-date.ts'
import { changeSettings, settings } from './settings.ts'
import { verifyAuditTrail } from './verify-audit.ts'

/** The table, in the order in which they are shown. */
export const operations: readonly AnyOperation[] = [
  createUser,
  setBirthDate,
  people,
  person,
  settings,
  changeSettings,
  verifyAuditTrail,
]

export const operationNamed = (name: string): AnyOperation | undefined =>
  operations.find((each) => each.name === name)
