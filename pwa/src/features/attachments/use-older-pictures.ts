import { useEffect, useRef, useState } from 'react'
import type { ChatPicture } from './pictures.ts'

/** One wish goes back no farther than this, in pages of a month each. */
const MOST_PAGES = 240

interface Params {
  pictures: readonly ChatPicture[]
  hasOlder: boolean
  /** Loads one more page. Rejects when it could not. */
  loadOlder: () => Promise<void>
  onFound: (picture: ChatPicture) => void
}

/** Goes back through pages that are not loaded yet, to the picture before the oldest there is. */
export const useOlderPictures = (params: Params) => {
  const { pictures, hasOlder } = params
  /** The picture that the one before is looked for, and the pages that were loaded for it. */
  const [wish, setWish] = useState<{ id: string; pages: number } | null>(null)
  const [failed, setFailed] = useState(false)
  const loading = useRef(false)
  const latest = useRef(params)
  useEffect(() => {
    latest.current = params
  })

  useEffect(() => {
    if (wish === null || loading.current) return
    const at = pictures.findIndex(({ id }) => id === wish.id)
    const found = pictures[at - 1]
    if (found !== undefined || at < 0 || !hasOlder || wish.pages >= MOST_PAGES) {
      setWish(null)
      if (found !== undefined) latest.current.onFound(found)
      return
    }
    loading.current = true
    const next = (loaded: boolean) => {
      loading.current = false
      setFailed(!loaded)
      setWish((now) => (loaded && now !== null ? { ...now, pages: now.pages + 1 } : null))
    }
    latest.current.loadOlder().then(
      () => next(true),
      () => next(false),
    )
  }, [wish, pictures, hasOlder])

  const wishFor = (next: typeof wish) => {
    setFailed(false)
    setWish(next)
  }
  return {
    state: wish !== null ? 'looking' : failed ? 'failed' : 'idle',
    /** Undefined where the beginning of the chat is reached. */
    look: hasOlder ? (id: string) => wishFor({ id, pages: 0 }) : undefined,
    /** Whoever goes elsewhere does not want to be fetched back. */
    forget: () => wishFor(null),
  } as const
}
