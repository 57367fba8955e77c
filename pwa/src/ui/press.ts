/**
 * The press under way: from the finger or the mouse button going down until its click was dealt
 * with. A browser looks for what was clicked when the finger is lifted, so whatever moves in between
 * takes the click away from what the person aimed at. What may move by itself waits for the end.
 */

/** After a finger is lifted, its click comes within this (ms), or there is none. */
const CLICK_WITHIN = 400
/** A press that lasts longer than this (ms) is none, or its end was not told. */
const LONGEST = 10_000

/** Before anybody who deals with an event could stop it. */
const capturing = { capture: true }

export interface Press {
  /** What the press began on; null between presses. */
  readonly get: () => EventTarget | null
  /** Returns how to stop listening. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Follows the presses of a window, for as long as anybody listens. */
export const followPress = (view: EventTarget): Press => {
  let on: EventTarget | null = null
  let ending: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  const set = (next: EventTarget | null) => {
    if (on === next) return
    on = next
    for (const listener of listeners) listener()
  }
  const endIn = (ms: number) => {
    clearTimeout(ending)
    ending = setTimeout(() => set(null), ms)
  }
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return
    set(event.target)
    endIn(LONGEST)
  }
  const up = () => {
    if (on !== null) endIn(CLICK_WITHIN)
  }
  const over = () => {
    if (on !== null) endIn(0)
  }
  /** The end of a press on a scroll bar is told to nobody. */
  const move = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.buttons === 0) over()
  }
  /** The app loses the focus; that something in it does is part of many a press. */
  const away = (event: Event) => {
    if (event.target === view) over()
  }
  const events = [
    ['pointerdown', down],
    ['pointermove', move],
    ['pointerup', up],
    ['pointercancel', over],
    ['click', over],
    ['blur', away],
  ] as const

  return {
    get: () => on,
    subscribe: (listener) => {
      if (listeners.size === 0)
        for (const [name, handle] of events)
          view.addEventListener(name, handle as EventListener, capturing)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        for (const [name, handle] of events)
          view.removeEventListener(name, handle as EventListener, capturing)
        clearTimeout(ending)
        on = null
      }
    },
  }
}
