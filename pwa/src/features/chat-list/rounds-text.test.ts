import { noRounds } from '@wardline/core/client/model/views'
import { expect, test } from 'vitest'
import { clockText } from '../../ui/time-text.ts'
import { roundsText } from './rounds-text.ts'

const now = new Date(2026, 10, 22, 9, 30).getTime()
const at = new Date(2026, 10, 22, 7, 42).getTime()

test('rounds tell since when nothing is missing, and what is', () => {
  expect(roundsText(noRounds, now)).toBe('Not complete yet')
  expect(roundsText({ ...noRounds, missingFiles: 1 }, now)).toBe(
    'Not complete yet · 1 file to come',
  )
  expect(roundsText({ ...noRounds, completeAsOf: at }, now)).toBe(`Complete as of ${clockText(at)}`)
  expect(roundsText({ completeAsOf: at, missingFiles: 2, omittedFiles: 1 }, now)).toBe(
    `Complete as of ${clockText(at)} · 2 files to come · no room for 1 file`,
  )
})

test('rounds of another day say which', () => {
  const yesterday = at - 86_400_000
  expect(roundsText({ ...noRounds, completeAsOf: yesterday }, now)).toBe(
    `Complete as of Yesterday ${clockText(at)}`,
  )
})
