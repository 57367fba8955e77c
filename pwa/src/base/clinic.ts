/** How the clinic presents itself, and what it allows, as a device knows it. */

export interface ClinicView {
  readonly name: string
  /** A data URL of an image. */
  readonly logo: string | null
  /** `#rrggbb`; null for the app's own colours. */
  readonly accent: string | null
  /** As people read it; `telHref` has it as it is dialled. */
  readonly emergencyNumber: string
  /** What a patient reads at first use; '' for nothing. */
  readonly notes: string
  readonly mayStart: {
    readonly patientToDoctor: boolean
    readonly doctorToPatient: boolean
    readonly groups: boolean
  }
  /** Minutes after which a device that locks itself does; 0: none has to. */
  readonly lockMinutes: number
}

/** Until the server has said otherwise. */
export const unknownClinic: ClinicView = {
  name: 'Wardline',
  logo: null,
  accent: null,
  emergencyNumber: '112',
  notes: '',
  mayStart: { patientToDoctor: true, doctorToPatient: true, groups: true },
  lockMinutes: 0,
}

/** From what a server or a disk gave; what it does not say is as {@link unknownClinic} has it. */
export const parseClinic = (value: unknown): ClinicView | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const given = value as Record<string, unknown>
  const starts = (given.mayStart ?? {}) as Record<string, unknown>
  const text = (name: 'name' | 'emergencyNumber' | 'notes'): string => {
    const read = given[name]
    return typeof read === 'string' && (read !== '' || name === 'notes')
      ? read
      : unknownClinic[name]
  }
  const { logo, accent, lockMinutes } = given
  return {
    name: text('name'),
    logo: typeof logo === 'string' && /^data:image\/(png|jpeg|webp);/.test(logo) ? logo : null,
    accent: typeof accent === 'string' && /^#[0-9a-f]{6}$/.test(accent) ? accent : null,
    emergencyNumber: text('emergencyNumber'),
    notes: text('notes'),
    mayStart: {
      patientToDoctor: starts.patientToDoctor !== false,
      doctorToPatient: starts.doctorToPatient !== false,
      groups: starts.groups !== false,
    },
    lockMinutes: typeof lockMinutes === 'number' && lockMinutes > 0 ? lockMinutes : 0,
  }
}

/** A link that dials. */
export const telHref = (number: string): string =>
  `tel:${encodeURIComponent(number.replace(/[^\d+*#]/g, ''))}`
