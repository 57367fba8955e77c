import { type RefObject, useState, useSyncExternalStore } from 'react'
import { followPress } from './press.ts'

/** The press under way in this window. */
export const press = followPress(window)

/** Whether a press is under way, anywhere or on something within an element. */
export const usePressed = (within?: RefObject<Element | null>): boolean =>
  useSyncExternalStore(press.subscribe, () => {
    const on = press.get()
    return on !== null && (within === undefined || within.current?.contains(on as Node) === true)
  })

/** A value that would move what is on screen, kept as it is while a press is under way. */
export const useSteady = <T>(value: T, within?: RefObject<Element | null>): T => {
  const pressed = usePressed(within)
  const [kept, keep] = useState(value)
  if (!pressed && !Object.is(kept, value)) keep(() => value)
  return pressed ? kept : value
}
