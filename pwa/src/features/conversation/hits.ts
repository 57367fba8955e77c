/** Steps through what a search in a chat found, the newest first. */

/** The hit beside `at`, one older (1) or one newer (-1); undefined at the end. */
export const stepHit = <K extends string>(
  keys: readonly K[],
  at: K | null,
  step: 1 | -1,
): K | undefined => {
  const index = at === null ? -1 : keys.indexOf(at)
  // What was found before is no hit any more: begin at the newest.
  return index < 0 ? keys[0] : keys[index + step]
}

/** "3 of 17", counted from the newest. `more`: there are older ones than these. */
export const hitText = (keys: readonly string[], at: string | null, more: boolean): string => {
  if (keys.length === 0) return 'No results'
  const total = `${keys.length}${more ? '+' : ''}`
  const index = at === null ? -1 : keys.indexOf(at)
  return index < 0 ? total : `${index + 1} of ${total}`
}
