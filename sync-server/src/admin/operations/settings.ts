/** What the clinic is called, its look, its numbers, and who may begin chats. */
import { z } from 'zod'
import { clinicChangeSchema, clinicSettingsSchema } from '../../clinic/clinic-settings.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

const output = { name: 'Clinic', schema: clinicSettingsSchema }
const print = (settings: z.output<typeof clinicSettingsSchema>): string =>
  JSON.stringify({ ...settings, logo: settings.logo === null ? null : 'an image' }, undefined, 2)

export const settings = operation({
  name: 'settings',
  summary: 'show how the clinic presents itself, and what it allows',
  input: z.strictObject({}),
  http: { method: 'get', path: '/settings', output },
  run: async ({ clinic }) => ok(await clinic.settings()),
  print,
})

export const changeSettings = operation({
  name: 'change-settings',
  summary: 'change some of the clinic’s settings; the others stay',
  input: clinicChangeSchema,
  http: { method: 'patch', path: '/settings', output, errors: ['server-busy'] },
  async run({ clinic, actor }, change) {
    const changed = await clinic.change(change, actor)
    return changed.ok ? changed : refusal(changed.error.code)
  },
  print,
})
