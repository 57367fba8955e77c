import { parseUserId } from '@wardline/core/base/ids'
import { parseBirthDate } from '@wardline/core/chat/birth-date'
import type { Person } from '@wardline/core/client/model/views'
import { expect, test } from 'vitest'
import { bornText, patientsText, personText } from './patients-text.ts'

const now = Date.UTC(2026, 10, 29, 12)
const person = (id: string, name: string, born?: string): Person => {
  const birthDate = parseBirthDate(born)
  return { id: parseUserId(id)!, name, role: 'patient', ...(birthDate && { birthDate }) }
}
const pat = person('pat-one', 'Pat Morgan', '1984-05-02')
const sam = person('sam-one', 'Sam Rivera')

test('a birth date stands with a name, if it is known', () => {
  expect(bornText(pat, now)).toMatch(/^born .*1984 \(42\)$/)
  expect(bornText(sam, now)).toBe('')
  expect(personText(pat, now)).toMatch(/^Pat Morgan, born .*1984/)
  expect(personText(sam, now)).toBe('Sam Rivera')
})

test('a line of the list tells one patient by the date, several by name and date', () => {
  expect(patientsText({ title: 'Dr Ada Osei', patients: [] }, now)).toBe('')
  expect(patientsText({ title: 'Pat Morgan', patients: [pat] }, now)).toBe(bornText(pat, now))
  expect(patientsText({ title: 'Ward 3', patients: [pat] }, now)).toMatch(/^Pat Morgan, .*1984/)
  expect(patientsText({ title: 'Ward 3', patients: [pat, sam] }, now)).toMatch(
    /^Pat Morgan, .*1984 \(42\) · Sam Rivera$/,
  )
})
