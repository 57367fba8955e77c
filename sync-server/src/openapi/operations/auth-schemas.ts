/** What the endpoints for signing in take and answer with. */
import { z } from 'zod'
import { MAX_PASSWORD } from '../../auth/password.ts'
import { MEMBER_ROLES, ROLES } from '../../directory/role.ts'
import { MAX_EMAIL } from '../../directory/user.ts'

export const loginBody = z.object({
  email: z.string().min(1).max(MAX_EMAIL),
  password: z.string().min(1).max(MAX_PASSWORD),
  device: z.string().optional().meta({ description: '8 to 32 of a-z 0-9: names the device.' }),
})

export const refreshQuery = z.object({
  keep: z.enum(['true', 'false']).optional().meta({
    description: 'true: a refresh token that is less than a minute old need not be replaced.',
  }),
})

export const sessionSchema = z.object({
  accessToken: z.string(),
  expiresAt: z.int().min(0).meta({ description: 'Milliseconds since 1970 (UTC).' }),
  user: z.object({
    id: z.string(),
    name: z.string(),
    role: z.enum(MEMBER_ROLES).meta({ description: 'What others see them as.' }),
    roles: z
      .array(z.enum(ROLES))
      .meta({ description: 'What they are; an account can have several.' }),
  }),
})
