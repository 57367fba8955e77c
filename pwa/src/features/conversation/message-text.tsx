import { holdsWords, marksIn } from '@wardline/core/client/search/snippet'
import { textOf } from '@wardline/core/client/search/text-of'
import { createContext, useContext } from 'react'
import { MarkedText } from '../../ui/marked-text.tsx'
import type { Message } from './message.ts'
import { textParts } from './text-parts.ts'

/** Words, folded, that the person looks for in this chat. */
export const SoughtContext = createContext<readonly string[]>([])

/** What a message says, with its links, and what was looked for in it. */
export function MessageText({ message }: { message: Message }) {
  const sought = useContext(SoughtContext)
  if (message.retracted) return 'This message was deleted'
  if (message.unreadable) return 'This version of Wardline cannot read this message'
  const isHit = sought.length > 0 && holdsWords(textOf(message), sought)
  // Space at the end is copied with it, and is nothing to see.
  return textParts(message.text.trimEnd()).map(({ text, href, at }) => {
    const marks = isHit ? marksIn(text, sought) : []
    const shown = <MarkedText key={at} text={text} marks={marks} />
    if (href === null) return shown
    // Mail and calls leave no empty tab behind.
    const target = href.startsWith('http') ? '_blank' : undefined
    return (
      // A direction of its own: nothing before it turns it around.
      <a key={at} href={href} dir="ltr" target={target} rel="noopener noreferrer nofollow">
        {shown}
      </a>
    )
  })
}
