import type { AnyOperation } from '../operation.ts'
import { accountOf } from './account-of.ts'
import { audit } from './audit.ts'
import { createUser } from './create-user.ts'
import { devices, removeDevice, signOut } from './devices.ts'
import { exportPerson } from './export-person.ts'
import { makeFirstAdminLink } from './first-admin.ts'
import { health } from './health.ts'
import { importList } from './import-people.ts'
import {
  changePerson,
  closePerson,
  disablePerson,
  enablePerson,
  erasePerson,
  holdPerson,
  releasePerson,
} from './life-cycle.ts'
import { invitations, invite, reset, revokeLink } from './links.ts'
import { noteBackup } from './note-backup.ts'
import { passkeys } from './passkeys.ts'
import { people, person } from './people.ts'
import {
  addProgram,
  apiTokens,
  endApiToken,
  makeApiToken,
  makeProgram,
  removeProgram,
} from './programs.ts'
import { recovery } from './recovery.ts'
import { setBirthDate } from './set-birth-date.ts'
import { changeSettings, settings } from './settings.ts'
import { verifyAuditTrail } from './verify-audit.ts'

/** The table, in the order in which they are shown. */
export const operations: readonly AnyOperation[] = [
  makeFirstAdminLink,
  createUser,
  invite,
  reset,
  invitations,
  revokeLink,
  setBirthDate,
  people,
  person,
  changePerson,
  disablePerson,
  enablePerson,
  closePerson,
  erasePerson,
  holdPerson,
  releasePerson,
  exportPerson,
  makeProgram,
  addProgram,
  removeProgram,
  apiTokens,
  makeApiToken,
  endApiToken,
  passkeys,
  devices,
  removeDevice,
  signOut,
  settings,
  changeSettings,
  health,
  recovery,
  audit,
  verifyAuditTrail,
]

/** Those that programs of this package ask for, and nobody else. */
const inside: readonly AnyOperation[] = [accountOf, importList, noteBackup]

export const operationNamed = (name: string): AnyOperation | undefined =>
  [...operations, ...inside].find((each) => each.name === name)
