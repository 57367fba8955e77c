import type { MessageView, TimelineItem } from '@wardline/core/client/model/views'
import {
  createContext,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type ChatPicture, indexOfShown, picturesIn, positionText } from './pictures.ts'
import { useOlderPictures } from './use-older-pictures.ts'
import { Viewer } from './viewer.tsx'

/** Opens a picture of a message: `at` counts that message's pictures, from 0. */
type OpenPicture = (message: MessageView['key'], at: number) => void

export const OpenPictureContext = createContext<OpenPicture>(() => {})

interface Props {
  /** What is loaded of the chat. */
  items: readonly TimelineItem[]
  hasOlder: boolean
  /** Loads an older page. Rejects when it could not. */
  onLoadOlder: () => Promise<void>
  children: ReactNode
}

/** One viewer for all pictures of a chat, so that one can go from each to the next. */
export function ChatPictures({ items, hasOlder, onLoadOlder, children }: Props) {
  const [shown, setShown] = useState<string | null>(null)
  const pictures = useMemo(() => picturesIn(items), [items])
  /** The picture that was asked for, as it was last there. */
  const last = useRef<{ asked: string; picture: ChatPicture }>(undefined)
  const older = useOlderPictures({
    pictures,
    hasOlder,
    loadOlder: onLoadOlder,
    onFound: ({ id }) => setShown(id),
  })
  const open = useCallback<OpenPicture>((message, at) => setShown(`${message}/${at}`), [])
  const before = last.current?.asked === shown ? last.current?.picture : undefined
  const at = shown === null ? -1 : indexOfShown(pictures, shown, before)
  const picture = pictures[at]
  useEffect(() => {
    if (picture !== undefined && shown !== null) last.current = { asked: shown, picture }
  })
  const show = (to: ChatPicture | undefined) => {
    older.forget()
    setShown(to?.id ?? null)
  }
  const stepTo = (to: number) => {
    const next = pictures[to]
    return next && (() => show(next))
  }
  const onPrevious =
    at === 0 && shown !== null && older.look !== undefined
      ? () => older.look?.(picture?.id ?? shown)
      : stepTo(at - 1)
  const position = {
    idle: positionText(at, pictures.length, hasOlder),
    looking: 'Looking for older pictures…',
    failed: 'Older messages could not be loaded.',
  }
  return (
    <OpenPictureContext value={open}>
      {children}
      <Viewer
        picture={picture}
        position={position[older.state]}
        onPrevious={at < 0 ? undefined : onPrevious}
        onNext={at < 0 ? undefined : stepTo(at + 1)}
        onClose={() => show(undefined)}
      />
    </OpenPictureContext>
  )
}
