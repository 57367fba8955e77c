import { isBlank } from '@wardline/core/text/blank'

/** What a key does in the composer. */
export type ComposerKey = 'send' | 'leave' | 'edit-last' | 'none'

interface Pressed {
  key: string
  shiftKey: boolean
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  isComposing: boolean
  keyCode: number
}

/** `breaks`: a bare Enter breaks the line, as on touch keyboards. */
export const composerKey = (event: Pressed, breaks: boolean): ComposerKey => {
  // 229: Safari ends a composition before it sends the key that ended it.
  if (event.isComposing || event.keyCode === 229) return 'none'
  if (event.key === 'Escape') return 'leave'
  const bare = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey
  if (event.key === 'ArrowUp' && bare) return 'edit-last'
  if (event.key !== 'Enter' || event.altKey) return 'none'
  if (event.ctrlKey || event.metaKey) return 'send'
  return event.shiftKey || breaks ? 'none' : 'send'
}

/**
 * What stays in the composer once `sent` is committed: what was typed on behind it, without the one
 * space between.
 */
export const restAfter = (value: string, sent: string): string => {
  if (!value.startsWith(sent)) return value
  const rest = value.slice(sent.length)
  return isBlank(rest) ? '' : rest.replace(/^\s/u, '')
}
