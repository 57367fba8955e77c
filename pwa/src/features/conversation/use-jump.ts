import type { TimelineItem } from '@wardline/core/client/model/views'
import { useEffect, useRef, useState } from 'react'
import { jumpStep } from './jump-step.ts'
import type { MessageKey } from './message.ts'
import type { Older } from './use-older.ts'

/** How long a message that was jumped to stays marked (ms). */
const MARKED = 2000

/** A wish to see a message. A new object is a new wish. */
export interface Jump {
  key: MessageKey
}

interface Params {
  jump: Jump | null
  items: readonly TimelineItem[]
  hasOlder: boolean
  older: Older
  /** The timeline stands, and can move. */
  ready: boolean
  load: () => void
  toItem: (index: number) => void
  onMissing: () => void
}

/** Goes to a message, through as many older months as it takes. Returns the marked message. */
export const useJump = (params: Params): string | null => {
  const { jump, items, hasOlder, older, ready, load, toItem, onMissing } = params
  const done = useRef<Jump | null>(null)
  const [marked, setMarked] = useState<Jump | null>(null)

  useEffect(() => {
    if (jump === null || jump === done.current || !ready) return
    const step = jumpStep(items, jump.key, hasOlder)
    if (step.kind === 'load' && older !== 'failed') {
      if (older === 'idle') load()
      return
    }
    done.current = jump
    if (step.kind !== 'scroll') return onMissing()
    toItem(step.index)
    setMarked(jump)
  }, [jump, items, hasOlder, older, ready, load, toItem, onMissing])

  useEffect(() => {
    if (marked === null) return
    const timer = setTimeout(() => setMarked(null), MARKED)
    return () => clearTimeout(timer)
  }, [marked])

  return marked?.key ?? null
}
