/** An account as admins see it: who somebody is, and nothing of what they write. */
import { z } from 'zod'
import type { Account } from '../../directory/account-list.ts'
import { ROLES } from '../../directory/role.ts'
import { STATUSES } from '../../directory/user.ts'

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  status: z.enum(STATUSES),
  specialty: z.string().optional(),
  birthDate: z.string().optional().meta({ description: '`yyyy-mm-dd`; of patients.' }),
  email: z.string().optional(),
  hasPassword: z.boolean(),
  createdAt: z.number(),
  closedAt: z.number().optional(),
  hold: z.string().optional().meta({ description: 'Why nothing of it may be erased.' }),
})
export type AccountJson = z.infer<typeof accountSchema>

export const accountJson = ({ user, createdAt }: Pick<Account, 'user' | 'createdAt'>) => {
  const { id, name, roles, status, specialty, birthDate, email, passwordHash } = user
  const { closedAt, hold } = user
  return {
    id,
    name,
    roles: [...roles],
    status,
    hasPassword: passwordHash !== undefined,
    createdAt,
    ...(specialty !== undefined && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
    ...(email !== undefined && { email }),
    ...(closedAt !== undefined && { closedAt }),
    ...(hold !== undefined && { hold }),
  } satisfies AccountJson
}
