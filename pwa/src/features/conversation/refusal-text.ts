/** Why a message was not sent, in words; a code that is not known says nothing to anybody. */
export const refusalText = (code: string): string => texts[code] ?? 'Not sent.'

const texts: Readonly<Record<string, string>> = {
  BAD_ENTRY: 'Not sent. It may be too long for one message. You can copy it.',
  NOT_MEMBER: 'Not sent. You were no longer a member.',
  BLOCKED: 'Not sent. No messages are taken in this chat any more.',
  FULL: 'Not sent. There is no more room. Delete messages that are not needed, or ask the clinic for room.',
}
