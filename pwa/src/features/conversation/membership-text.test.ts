import { expect, it } from 'vitest'
import { membershipText, namesText } from './membership-text.ts'

it('spells names out while they are few', () => {
  expect(namesText([])).toBe('')
  expect(namesText(['Ada'])).toBe('Ada')
  expect(namesText(['Ada', 'Ben'])).toBe('Ada and Ben')
  expect(namesText(['Ada', 'Ben', 'Cem'])).toBe('Ada, Ben and Cem')
  const many = Array.from({ length: 10 }, (_, i) => `P${i}`)
  expect(namesText(many)).toBe('P0, P1, P2 and 7 others')
})

it('says who did it', () => {
  const line = { key: 'event/1', at: 0, names: ['Pat'] }
  expect(membershipText({ ...line, event: 'joined', by: null })).toBe('Pat joined the chat')
  expect(membershipText({ ...line, event: 'created', by: null })).toBe('Pat created the group')
  expect(membershipText({ ...line, event: 'left', by: null })).toBe('Pat left the chat')
  expect(membershipText({ ...line, event: 'joined', by: 'Ada' })).toBe('Ada added Pat')
  expect(membershipText({ ...line, event: 'left', by: 'Ada' })).toBe('Ada removed Pat')
})
