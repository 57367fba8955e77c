/** What the browser tells of the device and the person: waking up, and looking at the page. */

/** What of a window and its document is used. */
export interface WakeSource {
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  document: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
    readonly visibilityState: DocumentVisibilityState
    hasFocus(): boolean
  }
}

export interface WakeListener {
  /** Whether the page is on screen, with the focus or without. */
  visible?(visible: boolean): void
  /** The device may have woken up: now is a good time to look. */
  woke?(): void
  /** The browser says that there is a network now, or that there is none. */
  network?(there: boolean): void
  /** Whether the page is on screen and has the focus: only then is a message read. */
  attention?(attentive: boolean): void
}

/** The page is on screen and has the focus. */
export const isAttentive = ({ document }: WakeSource = globalThis): boolean =>
  document.visibilityState === 'visible' && document.hasFocus()

/** Listens until the returned function is called. */
export const listenForWake = (
  { visible = () => {}, woke = () => {}, network = () => {}, attention = () => {} }: WakeListener,
  source: WakeSource = globalThis,
): (() => void) => {
  const { window, document } = source
  let attentive = isAttentive(source)
  const look = () => {
    const now = isAttentive(source)
    if (now === attentive) return
    attentive = now
    attention(now)
  }
  const wake = () => {
    look()
    woke()
  }
  const visibility = () => {
    const isVisible = document.visibilityState === 'visible'
    visible(isVisible)
    if (isVisible) wake()
    else look()
  }
  const onWindow: readonly [string, () => void][] = [
    ['online', () => network(true)],
    ['offline', () => network(false)],
    ['pageshow', wake],
    ['focus', wake],
    ['blur', look],
    ['pagehide', look],
  ]
  for (const [type, listener] of onWindow) window.addEventListener(type, listener)
  document.addEventListener('visibilitychange', visibility)
  return () => {
    for (const [type, listener] of onWindow) window.removeEventListener(type, listener)
    document.removeEventListener('visibilitychange', visibility)
  }
}
