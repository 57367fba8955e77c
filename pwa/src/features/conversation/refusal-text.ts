/** Why a message was not sent, in words; a code that is not known says nothing to anybody. */
export const refusalText = (code: string): string =>
  code === 'NOT_MEMBER' ? 'Not sent. You were no longer a member.' : 'Not sent.'
