import type { MessageView, TimelineItem } from '@wardline/core/client/views'
import { createContext, type ReactNode, useCallback, useMemo, useState } from 'react'
import { picturesIn } from './pictures.ts'
import { Viewer } from './viewer.tsx'

/** Opens a picture of a message: `at` counts that message's pictures, from 0. */
type OpenPicture = (message: MessageView['key'], at: number) => void

export const OpenPictureContext = createContext<OpenPicture>(() => {})

interface Props {
  /** What is loaded of the chat. */
  items: readonly TimelineItem[]
  children: ReactNode
}

/** One viewer for all pictures of a chat, so that one can go from each to the next. */
export function ChatPictures({ items, children }: Props) {
  const [shown, setShown] = useState<string | null>(null)
  const pictures = useMemo(() => picturesIn(items), [items])
  const open = useCallback<OpenPicture>((message, at) => setShown(`${message}/${at}`), [])
  const at = pictures.findIndex(({ id }) => id === shown)
  return (
    <OpenPictureContext value={open}>
      {children}
      <Viewer
        pictures={pictures}
        at={at < 0 ? null : at}
        onMove={(to) => setShown(pictures[to]?.id ?? null)}
        onClose={() => setShown(null)}
      />
    </OpenPictureContext>
  )
}
