/** What the endpoints for signing in take and answer with. */
import { z } from 'zod'
import { MAX_PASSWORD } from '../../auth/password.ts'
import { signInMethods } from '../../auth/session-record.ts'
import { MEMBER_ROLES, ROLES } from '../../directory/role.ts'
import { MAX_EMAIL } from '../../directory/user.ts'

export const loginBody = z.object({
  email: z.string().min(1).max(MAX_EMAIL),
  password: z.string().min(1).max(MAX_PASSWORD),
  device: z.string().optional().meta({ description: '8 to 32 of a-z 0-9: names the device.' }),
  deviceName: z.string().optional().meta({
    description:
      'What the list of devices shows, as “Chrome on Android”; past 80 UTF-16 units it is cut.',
  }),
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

export const devicesSchema = z.object({
  devices: z.array(
    z.object({
      id: z.string().meta({ description: 'Of the session on the device.' }),
      name: z.string().nullable(),
      method: z.enum(signInMethods).meta({ description: 'How the person signed in on it.' }),
      signedInAt: z.int().min(0).meta({ description: 'Milliseconds since 1970 (UTC).' }),
      seenAt: z.int().min(0).meta({
        description: 'When it renewed its session last, ms; connected ones do every few minutes.',
      }),
      current: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
    }),
  ),
})

export const deviceBody = z.object({
  name: z.string().min(1).meta({ description: 'Past 80 UTF-16 units it is cut.' }),
})

export const passwordCheckBody = z.object({
  password: z.string().min(1).max(MAX_PASSWORD),
})

export const passwordBody = z.object({
  current: z.string().min(1).max(MAX_PASSWORD),
  next: z.string().min(1).max(MAX_PASSWORD),
})
