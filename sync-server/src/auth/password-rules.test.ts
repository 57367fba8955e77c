import { expect, it } from 'vitest'
import { passwordProblem } from './password-rules.ts'

const known = ['Dr Grace Lee', 'grace.lee@clinic.example']

it.each([
  'password123',
  '1234567890',
  'qwertyuiop',
  'aaaaaaaaaaaa',
  'Password1!',
  'p@ssw0rd2024',
  'iloveyou123',
  'abcdefghij',
  'Hospital12',
  'wardline2026',
  'clinic12345',
  'grace.lee1',
  'GraceLee1984',
  'grace.lee@clinic.example',
])('takes %s for easy to guess', (password) => {
  expect(passwordProblem(password, known)).toBe('easy-to-guess')
})

it.each([
  'correct horse battery',
  'kYx82-ppq!Wd',
  'drei Birnen im Regen',
  '四月の雨と赤い自転車で',
])('takes %s', (password) => {
  expect(passwordProblem(password, known)).toBeUndefined()
})

it('names what is too short and what is too long', () => {
  expect(passwordProblem('kYx82-ppq', known)).toBe('too-short')
  expect(passwordProblem('x'.repeat(257), known)).toBe('too-long')
  expect(passwordProblem('drei Birnen im Regen '.repeat(12), known)).toBeUndefined()
})
