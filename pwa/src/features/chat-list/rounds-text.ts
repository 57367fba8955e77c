/** How complete a doctor's device is for the rounds, in words. */
import type { RoundsView } from '@wardline/core/client/model/views'
import { whenText } from '../../ui/time-text.ts'

const files = (number: number): string => `${number} ${number === 1 ? 'file' : 'files'}`

export const roundsText = (rounds: RoundsView, now: number): string => {
  const { completeAsOf, missingFiles, omittedFiles } = rounds
  const state =
    completeAsOf === null ? 'Not complete yet' : `Complete as of ${whenText(completeAsOf, now)}`
  const missing = missingFiles > 0 ? ` · ${files(missingFiles)} to come` : ''
  const omitted = omittedFiles > 0 ? ` · no room for ${files(omittedFiles)}` : ''
  return state + missing + omitted
}
