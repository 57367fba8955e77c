import { z } from 'zod'
import { hashPassword, MAX_PASSWORD, MIN_PASSWORD } from '../../auth/password.ts'
import { type PasswordProblem, passwordProblem } from '../../auth/password-rules.ts'
import { newUserId } from '../../directory/directory.ts'
import type { NewUserProblem } from '../../directory/new-user.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

const passwordProblems: Record<PasswordProblem, string> = {
  'too-short': `the password must have at least ${MIN_PASSWORD} characters`,
  'too-long': `the password must have at most ${MAX_PASSWORD} characters`,
  'easy-to-guess':
    'the password is easy to guess: choose one that is not common and has nothing of the name, as four words that do not belong together',
}

const problems: Record<NewUserProblem, string> = {
  'bad-email': '--email is not an email address',
  'bad-name': '--name must be 1 to 80 printable characters',
  'bad-roles': '--role is doctor, patient, staff or admin',
  'bad-specialty': '--specialty is for doctors, 1 to 80 printable characters',
  'bad-birth-date': '--birth-date is for patients, a day that has been, as yyyy-mm-dd',
  'email-taken': 'there is an account with this email address already',
  'id-taken': 'the id that was drawn is taken; try again',
}

export const createUser = operation({
  name: 'create-user',
  summary: 'make an account; its password comes from standard input',
  input: z.strictObject({
    email: z.string(),
    name: z.string(),
    role: z.enum(['doctor', 'patient', 'staff', 'admin']),
    specialty: z.string().optional(),
    birthDate: z.string().optional(),
    password: z.string(),
  }),
  commandLine: { standardInput: 'password' },
  async run({ directory, actor }, { password, role, specialty, birthDate, ...person }) {
    const problem = passwordProblem(password, [person.name, person.email, birthDate ?? ''])
    if (problem !== undefined) return refusal('bad-request', passwordProblems[problem])
    const made = await directory.createUser(
      {
        ...person,
        roles: [role],
        id: newUserId(),
        passwordHash: await hashPassword(password),
        ...(specialty !== undefined && { specialty }),
        ...(birthDate !== undefined && { birthDate }),
      },
      actor,
    )
    return made.ok ? ok(made.value) : refusal('bad-request', problems[made.error])
  },
  print: ({ role, id }) => `created ${role} ${id}`,
})
