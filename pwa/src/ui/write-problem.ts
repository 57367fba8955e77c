/** Why something that a person wrote could not be kept, in words for them. */
import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'

export type Unwritten = Exclude<WriteOutcome, { kind: 'stored' }>

/** @param what it is: "message", "change" */
export const writeProblem = (outcome: Unwritten, what: string): string => {
  switch (outcome.kind) {
    case 'too-long':
      return 'This is too long for one message. Make it shorter.'
    case 'blank':
      return 'There is nothing to see in this. Write something first.'
    case 'not-member':
      return 'You are no longer a member of this chat.'
    case 'gone':
      return 'The message is not there any more.'
    case 'no-room':
      return `There is no room left on this device for your ${what}. Free some space, and try again.`
    case 'not-saved':
      return `This device could not save your ${what}. ${outcome.why}`.trim()
  }
}
