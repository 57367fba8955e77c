import { parseBirthDate } from '@wardline/core/chat/birth-date'
import { z } from 'zod'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

const NO_DATE = '--birth-date is for patients, a day that has been, as yyyy-mm-dd'

export const setBirthDate = operation({
  name: 'set-birth-date',
  summary: 'give a patient a birth date, or another one; it reaches the chats that there are',
  input: z.strictObject({ email: z.string(), birthDate: z.string() }),
  async run({ directory, actor }, { email, birthDate: text }) {
    const birthDate = parseBirthDate(text)
    if (birthDate === undefined) return refusal('bad-request', NO_DATE)
    const user = await directory.findByEmail(email)
    if (user?.role !== 'patient')
      return refusal('user-not-found', 'there is no patient with this email address')
    const done = await directory.profiles.change(user.id, { birthDate }, { actor })
    if (done.ok) return ok({ id: user.id, birthDate })
    return done.error === 'bad-birth-date'
      ? refusal('bad-request', NO_DATE)
      : refusal('server-busy', 'it was changed by others meanwhile; try again')
  },
  print: ({ id, birthDate }) => `${id} was born ${birthDate}`,
})
