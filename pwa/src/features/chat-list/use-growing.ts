import { useEffect, useState } from 'react'
import { whenIdle } from '../../base/when-idle.ts'

/** Lowest height of a row, px. */
const ROW = 74
/** Rows that are drawn at a time, beyond the first screenful. */
const SLICE = 20
/** Longest pause before the next ones, ms. */
const PAUSE = 100

/**
 * How many rows of a long list are drawn: at once as many as the screen holds, the others in slices
 * that leave it its time. Those that were drawn stay.
 *
 * @param holds no more of them for now
 */
export const useGrowing = (length: number, holds: boolean): number => {
  const [drawn, setDrawn] = useState(() => Math.ceil(window.innerHeight / ROW) + 1)
  useEffect(() => {
    if (drawn >= length || holds) return
    return whenIdle(() => setDrawn(drawn + SLICE), PAUSE)
  }, [drawn, length, holds])
  return Math.min(drawn, length)
}
