import { expect, it } from 'vitest'
import { parseClinic, telHref, unknownClinic } from './clinic.ts'

it('what a clinic does not say, or says wrongly, is as usual', () => {
  expect(parseClinic({})).toEqual(unknownClinic)
  expect(parseClinic(null)).toBeUndefined()
  expect(
    parseClinic({
      name: '',
      accent: 'url(x)',
      logo: 'https://x.example/1.png',
      emergencyNumber: 7,
    }),
  ).toEqual(unknownClinic)
  expect(parseClinic({ notes: 'Call us.', mayStart: { groups: false } })).toEqual({
    ...unknownClinic,
    notes: 'Call us.',
    mayStart: { patientToDoctor: true, doctorToPatient: true, groups: false },
  })
})

it('a number is dialled without what makes it readable', () => {
  expect(telHref('+44 (20) 7946-0991')).toBe('tel:%2B442079460991')
  expect(telHref('112')).toBe('tel:112')
  expect(telHref('*31#112')).toBe('tel:*31%23112')
})
