import { useCallback, useEffect, useState } from 'react'
import { linkTokenOf } from '../base/link-address.ts'

/** What stands before the app: a link or a code, or who cannot sign in. */
export type Gate =
  | { kind: 'link'; secret: { token: string } | { code: string } }
  | { kind: 'code' }
  | { kind: 'forgot' }

const fromAddress = (): Gate | null => {
  const token = linkTokenOf(location)
  return token === undefined ? null : { kind: 'link', secret: { token } }
}

/** The address of a link has its secret in it: it goes as soon as it is used, or left. */
export const leaveLinkAddress = (): void => {
  if (linkTokenOf(location) !== undefined) history.replaceState(null, '', '/')
}

/** The gate that the app begins with, and how to go to another one, or with null through it. */
export const useGate = (): [Gate | null, (to: Gate | null) => void] => {
  const [gate, setGate] = useState(fromAddress)
  useEffect(() => {
    // Another link, opened in the same tab.
    const look = () => {
      const next = fromAddress()
      if (next !== null) setGate(next)
    }
    window.addEventListener('hashchange', look)
    return () => window.removeEventListener('hashchange', look)
  }, [])
  const go = useCallback((to: Gate | null) => {
    leaveLinkAddress()
    setGate(to)
  }, [])
  return [gate, go]
}
