import type { Attachment } from '@wardline/core/chat/attachment'
import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { FilePortContext } from './file-port.ts'
import { knownUrl, urlOf } from './object-urls.ts'

export type FileState =
  /** Not looked for yet. */
  | { kind: 'unknown' }
  | { kind: 'remote' }
  | { kind: 'downloading'; received: number }
  | { kind: 'here'; url: string }
  | { kind: 'unreachable' }
  | { kind: 'gone' }
  | { kind: 'damaged' }

const stateAtStart = (attachment: Attachment): FileState => {
  const url = knownUrl(attachment)
  return url === undefined ? { kind: 'unknown' } : { kind: 'here', url }
}

/** A file of a message: from this device if it is here. `auto`: gets it without being asked. */
export const useFile = (
  attachment: Attachment,
  auto: boolean,
): { state: FileState; load: () => Promise<string | undefined> } => {
  const port = useContext(FilePortContext)
  const [state, setState] = useState(() => stateAtStart(attachment))
  const mounted = useRef(true)
  const file = useRef(attachment)

  const load = useCallback(async (): Promise<string | undefined> => {
    const tell = (next: FileState) => {
      if (mounted.current) setState(next)
    }
    if (port === null) return undefined
    tell({ kind: 'downloading', received: 0 })
    const opened = await port.open(file.current, (received) =>
      tell({ kind: 'downloading', received }),
    )
    if (opened.kind !== 'here') {
      tell(opened)
      return undefined
    }
    const url = urlOf(file.current, opened.blob)
    tell({ kind: 'here', url })
    return url
  }, [port])

  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])

  useEffect(() => {
    if (state.kind !== 'unknown' || port === null) return
    void port.peek(file.current).then((blob) => {
      if (blob !== undefined) setState({ kind: 'here', url: urlOf(file.current, blob) })
      else if (auto) void load()
      else setState({ kind: 'remote' })
    })
  }, [state.kind, port, auto, load])

  // What could not be got without a network is tried again when there is one.
  useEffect(() => {
    if (!auto || state.kind !== 'unreachable') return
    const again = () => void load()
    window.addEventListener('online', again)
    window.addEventListener('focus', again)
    return () => {
      window.removeEventListener('online', again)
      window.removeEventListener('focus', again)
    }
  }, [auto, state.kind, load])

  return { state, load }
}

/** Saves a file under its name, as a download of the browser. */
export const saveAs = (url: string, name: string): void => {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
