/** Why something was not done with an account. Nothing of it was then. */
import type { ChangeProblem } from '../directory/profiles.ts'
import type { ErrorCode } from '../errors/catalogue.ts'

export type PersonProblem =
  | ChangeProblem
  /** The account is not in a state in which this can be done. */
  | 'wrong-status'
  /** It is held. */
  | 'account-held'
  /** The time for which closed accounts are kept is not over. */
  | 'retention-runs'

export const codeOf = (problem: PersonProblem): ErrorCode => {
  switch (problem) {
    case 'user-not-found':
    case 'email-taken':
    case 'last-admin':
    case 'wrong-status':
    case 'account-held':
    case 'retention-runs':
      return problem
    case 'busy':
      return 'server-busy'
    case 'bad-email':
    case 'bad-name':
    case 'bad-roles':
    case 'bad-specialty':
    case 'bad-birth-date':
    case 'bad-hold':
    case 'role-kind':
      return 'bad-request'
  }
}

/** What the catalogue does not say. */
export const messageOf = (problem: PersonProblem): string | undefined => {
  switch (problem) {
    case 'bad-email':
      return 'the e-mail address is none'
    case 'bad-name':
      return 'a name is 1 to 80 printable characters'
    case 'bad-roles':
      return 'roles are patient, doctor, staff, admin; a patient is neither doctor nor staff'
    case 'bad-specialty':
      return 'a specialty is for doctors, 1 to 80 printable characters'
    case 'bad-birth-date':
      return 'a birth date is for patients, a day that has been, as yyyy-mm-dd'
    case 'bad-hold':
      return 'a reason is 1 to 200 characters'
    case 'role-kind':
      return 'a patient stays one, and so does a program: make another account'
    case 'busy':
      return 'it was changed by others meanwhile; try again'
    default:
      return undefined
  }
}
