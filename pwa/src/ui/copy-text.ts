/** Puts a text on the clipboard as it is, and says whether that worked. */
export const copyText = (text: string, say: (words: string) => void): Promise<void> =>
  navigator.clipboard.writeText(text).then(
    () => say('Copied'),
    () => say('Copying is blocked in this browser'),
  )
