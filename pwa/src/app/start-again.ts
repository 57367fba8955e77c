/**
 * One new beginning of the page, by itself: WebKit's database may not answer a page that comes right
 * after one that was writing, and answers the next.
 */
const TRIED = 'wardline-started-again'

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** False when that was done already, and did not help, or when nothing could remember that it was. */
export const startAgain = (
  kept: () => Kept = () => sessionStorage,
  reload: () => void = () => location.reload(),
): boolean => {
  try {
    if (kept().getItem(TRIED) !== null) return false
    kept().setItem(TRIED, '')
  } catch {
    return false // A browser that keeps nothing for this page: it would begin again and again.
  }
  reload()
  return true
}

/** All is well: the next time it may be tried once more. */
export const started = (kept: () => Kept = () => sessionStorage): void => {
  try {
    kept().removeItem(TRIED)
  } catch {
    // There is nothing to forget.
  }
}
