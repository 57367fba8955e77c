/** Whether this device is to lock itself, as its person wishes, or is locked; kept in the browser. */
export const LOCKED = 'wardline-locked'
export const LOCK_MINUTES = 'wardline-lock-minutes'
const CHANGED = 'wardline-lock'

export const isLockWished = (): boolean =>
  localStorage.getItem(LOCKED) !== null || localStorage.getItem(LOCK_MINUTES) !== null

/** Returns how to stop listening. */
export const onLockWish = (listener: () => void): (() => void) => {
  addEventListener(CHANGED, listener)
  return () => removeEventListener(CHANGED, listener)
}

export const tellLockWish = (): void => void dispatchEvent(new Event(CHANGED))
