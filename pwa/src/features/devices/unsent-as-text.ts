/** A message that a removed device had not sent. */
export interface UnsentNote {
  /** Name of the chat. */
  to: string
  /** ms; null for what stood in a composer. */
  at: number | null
  text: string
  /** Names of the files that it had. */
  files: readonly string[]
}

/** All of them as a plain text, to be copied or saved. */
export const unsentAsText = (
  notes: readonly UnsentNote[],
  timeOf: (at: number) => string,
): string =>
  notes
    .map(({ to, at, text, files }) =>
      [
        `To ${to}, ${at === null ? 'not finished' : timeOf(at)}:`,
        ...(text === '' ? [] : [text]),
        ...(files.length === 0 ? [] : [`(with ${files.join(', ')})`]),
      ].join('\n'),
    )
    .join('\n\n')
