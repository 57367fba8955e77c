import { expect, it } from 'vitest'
import { unknownClinic } from '../base/clinic.ts'
import { startOf } from './start-of.ts'

const { mayStart: all } = unknownClinic
const none = { patientToDoctor: false, doctorToPatient: false, groups: false }

it('people begin what the clinic lets them', () => {
  expect(startOf({ role: 'patient' }, all)).toBe('new-chat')
  expect(startOf({ role: 'patient' }, { ...all, patientToDoctor: false })).toBeNull()
  expect(startOf({ role: 'doctor' }, { ...none, doctorToPatient: true })).toBe('new-chat')
  expect(startOf({ role: 'doctor' }, { ...none, groups: true })).toBe('new-group')
  expect(startOf({ role: 'doctor' }, none)).toBeNull()
})
