import type { ConnectionView } from '@wardline/core/client/views'
import { useEffect, useState } from 'react'
import { type Banner, startBanner, stepBanner } from './banner-state.ts'

/** The banner of a connection, kept up with the clock. */
export const useBanner = (connection: ConnectionView): Banner => {
  const [state, setState] = useState(() => startBanner(connection, performance.now()))
  if (state.connection !== connection) setState(stepBanner(state, connection, performance.now()))

  useEffect(() => {
    if (state.wakeAt === null) return
    const timer = setTimeout(
      () => setState((now) => stepBanner(now, now.connection, performance.now())),
      Math.max(0, state.wakeAt - performance.now()),
    )
    return () => clearTimeout(timer)
  }, [state])

  return state.banner
}
