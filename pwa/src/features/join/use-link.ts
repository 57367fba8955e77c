/** What a link or a code turns out to be, asked for until there is an answer. */
import { useCallback, useEffect, useState } from 'react'
import type { LinkSecret, LinkView, WaysInApi } from '../../sync/ways-in-api.ts'
import { useRetry } from './use-retry.ts'

export type LinkState =
  | { kind: 'looking' }
  /** There was no answer yet; it is asked for again when the network is back. */
  | { kind: 'offline' }
  | { kind: 'open'; view: LinkView }
  | { kind: 'refused'; code: string; message: string }

export const useLink = (api: WaysInApi, secret: LinkSecret): [LinkState, () => void] => {
  const [state, setState] = useState<LinkState>({ kind: 'looking' })
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((before) => before + 1), [])

  useEffect(() => {
    let current = true
    void api.look(secret).then((outcome) => {
      if (!current) return
      if (outcome.ok) setState({ kind: 'open', view: outcome.value })
      else if (outcome.code === 'unreachable') setState({ kind: 'offline' })
      else setState({ kind: 'refused', code: outcome.code, message: outcome.message })
    })
    return () => {
      current = false
    }
  }, [api, secret, round])

  useRetry(state.kind === 'offline', again)

  return [state, again]
}
