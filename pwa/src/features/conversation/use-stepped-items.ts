import type { TimelineItem } from '@wardline/core/client/model/views'
import { useLayoutEffect, useState } from 'react'
import { nextStep, type TimelineChange, timelineChange } from './timeline-change.ts'

type Items = readonly TimelineItem[]

/** The items to draw now, and how they differ from those drawn last. */
export const useSteppedItems = (items: Items): { drawn: Items; change: TimelineChange } => {
  const [base, setBase] = useState(items)
  const drawn = nextStep(base, items)
  const change = timelineChange(base, drawn)
  useLayoutEffect(() => {
    if (base !== drawn) setBase(drawn)
  }, [base, drawn])
  return { drawn, change }
}
