import type { ConversationView } from '@wardline/core/client/model/views'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { type UnreadAbove, unreadAbove } from './unread-above.ts'

type Known = Pick<ConversationView, 'items' | 'unreadBefore'>

/** What is unread above the view. Returns a function to call whenever the view may have moved, too. */
export const useUnreadAbove = (
  { items, unreadBefore }: Known,
  list: RefObject<VirtualizerHandle | null>,
): [UnreadAbove | null, (scroller: HTMLElement) => void] => {
  const [above, setAbove] = useState<UnreadAbove | null>(null)
  const known = useRef<Known>({ items, unreadBefore })
  useEffect(() => {
    known.current = { items, unreadBefore }
  }, [items, unreadBefore])
  const update = useCallback(
    (scroller: HTMLElement) => {
      if (list.current === null) return
      const top = list.current.findItemIndex(scroller.scrollTop)
      const now = unreadAbove(known.current.items, top, known.current.unreadBefore)
      setAbove((was) => (was?.count === now?.count && was?.first === now?.first ? was : now))
    },
    [list],
  )
  return [above, update]
}
