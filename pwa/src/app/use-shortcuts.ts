import { useEffect, useRef } from 'react'
import { type Shortcut, shortcutOf } from './shortcuts.ts'

/** Runs a shortcut, unless a dialog is open or a text is being composed. */
export const useShortcuts = (run: (shortcut: Shortcut) => void): void => {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  }, [run])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
      const shortcut = shortcutOf(event)
      if (shortcut === null || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      latest.current(shortcut)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
