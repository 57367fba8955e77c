/** What is kept of the lock, for all tabs and over a restart: it goes with signing out. */
import { LOCK_MINUTES, LOCKED, tellLockWish } from '../../base/lock-wish.ts'

const ACTIVE = 'wardline-active-at'

export const isLocked = (): boolean => localStorage.getItem(LOCKED) !== null
export const lock = (): void => localStorage.setItem(LOCKED, '')
export const unlock = (): void => localStorage.removeItem(LOCKED)

/** Milliseconds since 1970; 0: nobody has noted it. */
export const activeAt = (): number => Number(localStorage.getItem(ACTIVE))
export const noteActive = (at: number): void => localStorage.setItem(ACTIVE, String(at))

/** What the person chose for this device; 0: nothing. */
export const ownMinutes = (): number => Number(localStorage.getItem(LOCK_MINUTES))
export const setOwnMinutes = (minutes: number): void => {
  if (minutes > 0) localStorage.setItem(LOCK_MINUTES, String(minutes))
  else localStorage.removeItem(LOCK_MINUTES)
  tellLockWish()
}
