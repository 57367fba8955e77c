import { type RefObject, useCallback, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { FLOAT_TOP, PILL_INSET } from './dividers.tsx'
import type { TimelineRow } from './rows.ts'

const GAP = 8

/**
 * The day pill that stays at the top while its day is in view and is pushed out by the next one.
 * Rows are positioned absolutely, so `position: sticky` cannot do it.
 */
export const useFloatingDay = (
  rows: RefObject<readonly TimelineRow[]>,
  list: RefObject<VirtualizerHandle | null>,
  margin: number,
) => {
  const pill = useRef<HTMLSpanElement>(null)
  const [day, setDay] = useState<number | null>(null)

  const update = useCallback(
    (scroller: HTMLElement) => {
      const handle = list.current
      const all = rows.current
      if (handle === null || scroller.scrollHeight <= scroller.clientHeight + 1) return setDay(null)
      const line = scroller.scrollTop + FLOAT_TOP
      const pillTop = (index: number) => margin + handle.getItemOffset(index) + PILL_INSET
      const at = Math.min(handle.findItemIndex(line), all.length - 1)
      const inView = all[at]
      if (inView === undefined) return setDay(null)
      const current = inView.opensDay && pillTop(at) > line ? all[at - 1] : inView
      if (current === undefined || line < margin) return setDay(null)
      setDay(current.day)

      const height = pill.current?.offsetHeight ?? 30
      let next = inView.opensDay && current !== inView ? at : at + 1
      while (next < all.length && next < at + 4 && all[next]?.opensDay === false) next += 1
      const pushed =
        all[next]?.opensDay === true ? Math.min(0, pillTop(next) - GAP - height - line) : 0
      if (pill.current !== null) pill.current.style.translate = `0 ${Math.round(pushed)}px`
    },
    [rows, list, margin],
  )

  return { day, pill, update }
}
