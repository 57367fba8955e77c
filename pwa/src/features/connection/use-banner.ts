import type { ConnectionView } from '@wardline/core/client/model/views'
import { useEffect, useState } from 'react'
import { type ConnectionBannerView, startBanner, stepBanner } from './banner-state.ts'

/** The banner of a connection, kept up with the clock. */
export const useBanner = (connection: ConnectionView, waiting: number): ConnectionBannerView => {
  const [state, setState] = useState(() => startBanner(connection, waiting, performance.now()))
  if (state.connection !== connection || state.waiting !== waiting)
    setState(stepBanner(state, connection, waiting, performance.now()))

  useEffect(() => {
    if (state.wakeAt === null) return
    const timer = setTimeout(
      () => setState((now) => stepBanner(now, now.connection, now.waiting, performance.now())),
      Math.max(0, state.wakeAt - performance.now()),
    )
    return () => clearTimeout(timer)
  }, [state])

  return state.banner
}
