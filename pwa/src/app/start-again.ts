/**
 * One new beginning of the page, by itself: WebKit's database may not answer a page that comes right
 * after one that was writing, and answers the next.
 */
const TRIED = 'wardline-started-again'

/** False when that was done already, and did not help. */
export const startAgain = (
  kept: Pick<Storage, 'getItem' | 'setItem'> = sessionStorage,
  reload: () => void = () => location.reload(),
): boolean => {
  if (kept.getItem(TRIED) !== null) return false
  kept.setItem(TRIED, '')
  reload()
  return true
}

/** All is well: the next time it may be tried once more. */
export const started = (kept: Pick<Storage, 'removeItem'> = sessionStorage): void =>
  kept.removeItem(TRIED)
