import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { browserTimers } from '../../base/browser-timers.ts'
import { onLockWish } from '../../base/lock-wish.ts'
import { type SignedInOptions, signedInRequests } from '../../sync/signed-in-request.ts'
import { canCheckHere } from './local-check.ts'
import { LockScreen } from './lock-screen.tsx'
import { activeAt, isLocked, lock, noteActive, ownMinutes, unlock } from './lock-shelf.ts'
import { isDue, lockMinutesOf } from './lock-time.ts'

/** How often is looked whether it is time, and activity noted, ms. */
const LOOK = 2_000
const touches = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

interface Props {
  name: string
  /** Minutes after which the clinic wants it; 0: it does not. */
  clinicMinutes: number
  session: Pick<SignedInOptions, 'getToken' | 'dropToken'>
  onSignOut: () => void
  children: ReactNode
}

/** Hides everything after a while without a touch, until the person proves who they are. */
export function Lock({ name, clinicMinutes, session, onSignOut, children }: Props) {
  const own = useSyncExternalStore(onLockWish, ownMinutes)
  const minutes = lockMinutesOf(clinicMinutes, own)
  const [locked, setLocked] = useState(isLocked)
  const requests = useMemo(() => signedInRequests(session), [session])

  useEffect(() => {
    let noted = 0
    const look = () => {
      const canUnlock = navigator.onLine || canCheckHere()
      // Nobody is kept out of what is here for want of a network.
      if (!isLocked() && canUnlock && isDue(minutes, activeAt(), browserTimers.now())) lock()
      setLocked(isLocked())
    }
    const touched = () => {
      // First, whether it was due: who comes back must not pass by a touch.
      look()
      const now = browserTimers.now()
      if (isLocked() || Math.abs(now - noted) < LOOK) return
      noted = now
      noteActive(now)
    }
    look()
    if (activeAt() === 0) noteActive(browserTimers.now())
    const timer = setInterval(look, LOOK)
    for (const touch of touches) addEventListener(touch, touched, { capture: true, passive: true })
    // Another tab locked, or was unlocked.
    addEventListener('storage', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      for (const touch of touches) removeEventListener(touch, touched, { capture: true })
      removeEventListener('storage', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [minutes])

  return (
    <>
      <div hidden={locked} inert={locked}>
        {children}
      </div>
      {locked && (
        <LockScreen
          name={name}
          requests={requests}
          onUnlocked={() => {
            noteActive(browserTimers.now())
            unlock()
            setLocked(false)
          }}
          onSignOut={onSignOut}
        />
      )}
    </>
  )
}
