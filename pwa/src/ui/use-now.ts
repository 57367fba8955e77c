import { useEffect, useState } from 'react'
import { useClockSettings } from './clock-settings.ts'

/** The time, again every minute and whenever the page is shown, or clocks are read another way. */
export const useNow = (): number => {
  useClockSettings()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const update = () => setNow(Date.now())
    const timer = setInterval(update, 60_000)
    document.addEventListener('visibilitychange', update)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', update)
    }
  }, [])
  return now
}
