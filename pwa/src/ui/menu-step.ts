/**
 * The item that a key goes to, around the ends; null for a key that goes nowhere. Items of a row
 * stand side by side above the others: left and right move in it, up and down leave it.
 */
export const menuStep = (
  key: string,
  index: number,
  words: readonly string[],
  rows: readonly boolean[],
): number | null => {
  const count = words.length
  if (count === 0) return null
  const around = (to: number) => (to + count) % count
  const inRow = rows[index] === true
  const firstBelow = rows.indexOf(false)
  switch (key) {
    case 'ArrowDown':
      return inRow && firstBelow >= 0 ? firstBelow : around(index + 1)
    case 'ArrowUp':
      if (inRow) return count - 1
      return index === firstBelow ? (firstBelow === 0 ? count - 1 : 0) : around(index - 1)
    case 'ArrowRight':
      return inRow && rows[index + 1] === true ? index + 1 : null
    case 'ArrowLeft':
      return inRow && index > 0 ? index - 1 : null
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return byLetter(key, index, words)
  }
}

/** The next item that starts with a letter. */
const byLetter = (key: string, index: number, words: readonly string[]): number | null => {
  if (!/^\p{L}$/u.test(key)) return null
  const letter = key.toLowerCase()
  for (let moved = 1; moved <= words.length; moved++) {
    const at = (index + moved) % words.length
    if (words[at]?.trim().toLowerCase().startsWith(letter)) return at
  }
  return null
}
