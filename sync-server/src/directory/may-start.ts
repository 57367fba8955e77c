/** What a clinic can keep people from beginning. */
export type Start = 'patientToDoctor' | 'doctorToPatient' | 'groups'

/** Whether the clinic lets people begin that now. */
export type MayStart = (start: Start) => Promise<boolean>
