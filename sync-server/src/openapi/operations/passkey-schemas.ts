/** What the endpoints for passkeys take and answer with. */
import { z } from 'zod'

/** A credential id is at most 1,023 bytes: so many characters of base64url. */
const LONGEST_CREDENTIAL_ID = 1_364
/** Longer ones are refused by name. */
const LONGEST_NAME = 200

const credentialId = z
  .string()
  .max(LONGEST_CREDENTIAL_ID)
  .regex(/^[\w-]+$/)

/** What `navigator.credentials` gave, as JSON; the body as a whole is bounded. */
export const passkeyAnswer = z
  .looseObject({
    id: credentialId,
    rawId: credentialId,
    type: z.literal('public-key'),
    response: z.looseObject({ clientDataJSON: z.string() }),
    clientExtensionResults: z.looseObject({}),
  })
  .meta({ description: 'The credential as `toJSON()` of WebAuthn gives it.' })

export const newPasskeyBody = z.object({
  answer: passkeyAnswer,
  name: z.string().max(LONGEST_NAME).optional().meta({
    description: 'What its person calls it: 1 to 80 characters on one line.',
  }),
})

export const passkeyNameBody = z.object({ name: z.string().max(LONGEST_NAME) })

export const passkeySignInBody = z.object({
  answer: passkeyAnswer,
  device: z.string().optional().meta({ description: '8 to 32 of a-z 0-9: names the device.' }),
  deviceName: z.string().optional().meta({
    description: 'What the list of devices shows; past 80 UTF-16 units it is cut.',
  }),
})

export const passkeyCheckBody = z.object({ answer: passkeyAnswer })

export const creationOptionsSchema = z
  .looseObject({ challenge: z.string() })
  .meta({ description: '`PublicKeyCredentialCreationOptionsJSON` of WebAuthn.' })

export const requestOptionsSchema = z
  .looseObject({ challenge: z.string() })
  .meta({ description: '`PublicKeyCredentialRequestOptionsJSON` of WebAuthn.' })

const time = z.int().min(0)

export const passkeySchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: time.meta({ description: 'Milliseconds since 1970 (UTC).' }),
  usedAt: time.nullable().meta({ description: 'When it was last signed in with; null: never.' }),
})

export const passkeysSchema = z.object({ passkeys: z.array(passkeySchema) })
export const onePasskeySchema = z.object({ passkey: passkeySchema })
