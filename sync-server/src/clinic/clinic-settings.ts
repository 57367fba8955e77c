/** How a clinic presents itself, and what it allows: what its admins decide, and everybody may know. */
import { VISIBLE } from '@wardline/core/text/blank'
import { z } from 'zod'
import { MAX_LOCK_MINUTES } from '../config/config.ts'
import { label } from '../directory/new-user.ts'
import { logoProblem, MAX_LOGO } from './logo.ts'

/** UTF-16 units of the notes that a person reads at first use. */
export const MAX_NOTES = 4_000

/** As it is dialled, with what makes it readable: `112`, `+44 20 7946 0991`. */
const emergencyNumber = z
  .string()
  .trim()
  .min(2)
  .max(20)
  .regex(/^[+*#]?\d[\d ()*#-]*$/)
  .meta({ description: 'Digits, as they are dialled, with spaces and the like between them.' })

/** Lines of text; no control characters but the end of a line. Empty: there is nothing to read. */
const notes = z
  .string()
  .max(MAX_NOTES)
  .regex(/^[^\p{Cc}\p{Cs}]*(?:\n[^\p{Cc}\p{Cs}]*)*$/u)
  .refine((text) => text === '' || VISIBLE.test(text))
  .meta({ description: 'What a patient reads at first use. An empty line begins a paragraph.' })

const logo = z
  .string()
  .refine((text) => logoProblem(text) === undefined)
  .nullable()
  .meta({
    description: `A data URL of a PNG, JPEG or WebP image of at most ${MAX_LOGO} bytes, or null.`,
  })

const accent = z
  .string()
  .regex(/^#[0-9a-f]{6}$/)
  .nullable()
  .meta({
    description:
      'Colour of what can be pressed, as `#rrggbb`. Apps make it darker or lighter where text on it could not be read.',
  })

/** Who may begin a chat with whom. Chats that are there go on. */
const mayStart = z.strictObject({
  patientToDoctor: z.boolean(),
  doctorToPatient: z.boolean(),
  groups: z.boolean().meta({ description: 'Whether groups can be made.' }),
})

export const clinicSettingsSchema = z.strictObject({
  name: label,
  logo,
  accent,
  emergencyNumber,
  notes,
  mayStart,
  lockMinutes: z.int().min(0).max(MAX_LOCK_MINUTES).meta({
    description:
      'Minutes without a touch after which a device that locks itself does. 0: none has to.',
  }),
})
export type ClinicSettings = z.infer<typeof clinicSettingsSchema>

/** Some of them, to be changed; the others stay. */
export const clinicChangeSchema = clinicSettingsSchema.partial()
export type ClinicChange = z.infer<typeof clinicChangeSchema>

/** @param lockMinutes as the server is configured */
export const defaultSettings = (lockMinutes: number): ClinicSettings => ({
  name: 'Wardline',
  logo: null,
  accent: null,
  emergencyNumber: '112',
  notes: '',
  mayStart: { patientToDoctor: true, doctorToPatient: true, groups: true },
  lockMinutes,
})
