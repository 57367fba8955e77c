import type { TimelineItem } from '@wardline/core/client/model/views'
import { type FocusEvent, type KeyboardEvent, useMemo, useState } from 'react'

const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 }

/** The messages as one stop of Tab, with arrows between them. */
export const useMessageFocus = (items: readonly TimelineItem[]) => {
  const [focused, setFocused] = useState<string | null>(null)
  const tabbable = useMemo(() => {
    const messages = items.filter((item) => item.type === 'message')
    return (messages.find(({ key }) => key === focused) ?? messages.at(-1))?.key ?? null
  }, [items, focused])

  const onFocus = ({ target }: FocusEvent) => {
    const key = (target as HTMLElement).dataset.key
    if (key !== undefined) setFocused(key)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    const from = event.target as HTMLElement
    if (step === undefined || from.dataset.key === undefined) return
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-key]')]
    const next = all[all.indexOf(from) + step]
    if (next === undefined) return
    event.preventDefault()
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest' })
  }

  return { tabbable, onFocus, onKeyDown }
}
