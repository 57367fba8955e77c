import { z } from 'zod'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

export const accountId = z.string()

/** Whom the command means by an e-mail address, where an operation takes ids alone. */
export const accountOf = operation({
  name: 'account-of',
  summary: 'say the id of the account with an e-mail address',
  input: z.strictObject({ email: z.string() }),
  async run({ directory }, { email }) {
    const user = await directory.findByEmail(email)
    return user === undefined
      ? refusal('user-not-found', `there is no account with the e-mail address ${email}`)
      : ok(user.id)
  },
  print: (id) => id,
})
