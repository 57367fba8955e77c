import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react'
import type { Composition } from './composition.ts'

/**
 * Puts text where the caret is, in the place of what is selected, and the caret behind it. The field
 * need not have the focus: it remembers where its caret was.
 */
export const useInsert = (
  input: RefObject<HTMLTextAreaElement | null>,
  composition: Composition,
): ((text: string) => void) => {
  const caret = useRef<number | null>(null)
  // A text that is set as a whole leaves the caret at its end.
  useLayoutEffect(() => {
    if (caret.current !== null) input.current?.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })
  return useCallback(
    (text) => {
      const { text: before } = composition
      const { selectionStart: start, selectionEnd: end } = input.current ?? {
        selectionStart: before.length,
        selectionEnd: before.length,
      }
      caret.current = start + text.length
      composition.write(before.slice(0, start) + text + before.slice(end))
    },
    [input, composition],
  )
}
