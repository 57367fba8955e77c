/** Texts as people write them, as far as an index can tell: few words often, many words rarely. */
import { randomFrom } from '../../tests/support/random.ts'

const VOCABULARY = 12_000
/** Words of a message in the mean. */
const MEAN = 14
const syllables = 'ka re mo ti san der el un pra com sta vi lo ne ga tri po mer shi al ent or ic ba'
const parts = syllables.split(' ')

/** Gives one text after the other, the same ones for the same seed. */
export const textsFrom = (seed: number): (() => string) => {
  const random = randomFrom(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const words = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 1 + pick(4) }, () => parts[pick(parts.length)]).join(''),
  )
  // After Zipf: the nth word is an nth as frequent as the first.
  const reach: number[] = []
  let total = 0
  for (let n = 0; n < VOCABULARY; n++) {
    total += 1 / (n + 3)
    reach.push(total)
  }
  const word = (): string => {
    const at = random() * total
    let [low, high] = [0, VOCABULARY - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((reach[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return words[low] ?? ''
  }
  return () =>
    Array.from({ length: 1 + Math.floor(-Math.log(1 - random()) * MEAN) }, word).join(' ')
}
