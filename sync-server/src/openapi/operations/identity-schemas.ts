/** What the endpoints for identity from elsewhere take and answer with. */
import { z } from 'zod'

/** Longer ones are cut where they are kept. */
const deviceName = z
  .string()
  .max(200)
  .optional()
  .meta({ description: 'What the device calls itself, for the list of devices.' })

export const exchangeBody = z.object({
  token: z.string().min(1).max(16_384).meta({ description: 'A JWT of the configured issuer.' }),
  device: z.string().meta({ description: '8 to 32 of a-z 0-9: names the device.' }),
  deviceName,
})

export const oidcStartQuery = z.object({
  device: z.string().optional(),
  deviceName,
  again: z.enum(['true', 'false']).optional(),
})

export const methodsSchema = z.object({
  password: z.boolean(),
  passkey: z.boolean(),
  mail: z.boolean().meta({ description: 'Whether links to sign in can be sent by mail.' }),
  oidc: z.object({ label: z.string().meta({ description: 'After “Sign in with”.' }) }).optional(),
})
