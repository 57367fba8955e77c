/**
 * What the connection banner shows, as a pure reducer over the connection and the clock.
 * A short hiccup shows nothing, a message never flickers, and "Up to date" only answers something
 * that was on screen before, and never stands beside an own message that waits for its tick.
 */
import type { ConnectionView } from '@wardline/core/client/model/views'

/** A connection that takes no longer than this is not worth a word (ms). */
const PATIENCE = 3000
/** How long "Up to date" stays (ms). */
const DONE_FOR = 2000
/** An outage shorter than this, as on a change of network, shows nothing (ms). */
const OFFLINE_GRACE = 600

export type ConnectionBannerView =
  | { kind: 'none' }
  | { kind: 'signed-out' }
  | { kind: 'offline' }
  | { kind: 'connecting' }
  | { kind: 'syncing'; behind: number }
  | { kind: 'done' }

export interface BannerState {
  banner: ConnectionBannerView
  connection: ConnectionView
  /** Own messages without a tick. */
  waiting: number
  /** Since when the phase is the same, and for a live one whether anything waits. */
  phaseSince: number
  /** Since when the device is not live; null while it is. */
  behindSince: number | null
  /** When the clock alone changes the banner next; null when it does not. */
  wakeAt: number | null
}

const none: ConnectionBannerView = { kind: 'none' }

const wanted = (state: BannerState, now: number): [ConnectionBannerView, wakeAt: number | null] => {
  const { banner, connection, waiting, phaseSince, behindSince } = state
  const visible = banner.kind !== 'none' && banner.kind !== 'done'
  switch (connection.phase) {
    case 'signed-out':
      return [{ kind: 'signed-out' }, null]
    case 'offline': {
      // Attempts that fail at once do not put it off.
      const due = (behindSince ?? phaseSince) + OFFLINE_GRACE
      return visible || now >= due ? [{ kind: 'offline' }, null] : [none, due]
    }
    case 'connecting': {
      const due = phaseSince + PATIENCE
      if (now >= due) return [{ kind: 'connecting' }, null]
      // Keeps what is shown, so that a retry does not blink. A session just began, though.
      return [visible && banner.kind !== 'signed-out' ? banner : none, due]
    }
    case 'syncing': {
      const due = (behindSince ?? phaseSince) + PATIENCE
      return visible || now >= due
        ? [{ kind: 'syncing', behind: connection.behind }, null]
        : [none, due]
    }
    case 'live': {
      if (waiting > 0) {
        // Its tick is about to come. One that does not come so soon has a clock to tell by.
        const due = phaseSince + PATIENCE
        return visible && now < due ? [{ kind: 'syncing', behind: 0 }, due] : [none, null]
      }
      const due = phaseSince + DONE_FOR
      if (now >= due) return [none, null]
      return visible || banner.kind === 'done' ? [{ kind: 'done' }, due] : [none, null]
    }
  }
}

const settle = (state: BannerState, now: number): BannerState => {
  const [banner, wakeAt] = wanted(state, now)
  return { ...state, banner, wakeAt }
}

export const startBanner = (
  connection: ConnectionView,
  waiting: number,
  now: number,
): BannerState =>
  settle(
    {
      banner: none,
      connection,
      waiting,
      phaseSince: now,
      behindSince: connection.phase === 'live' ? null : now,
      wakeAt: null,
    },
    now,
  )

/** The connection or what waits may have changed, or only time has passed. */
export const stepBanner = (
  state: BannerState,
  connection: ConnectionView,
  waiting: number,
  now: number,
): BannerState => {
  const { phase } = connection
  const settled = phase !== 'live' || waiting > 0 === state.waiting > 0
  const same = phase === state.connection.phase && settled
  return settle(
    {
      ...state,
      connection,
      waiting,
      phaseSince: same ? state.phaseSince : now,
      behindSince: connection.phase === 'live' ? null : (state.behindSince ?? now),
    },
    now,
  )
}

/**
 * What may be shown of a banner that was kept on screen for longer than it holds: the same place,
 * and nothing that is not so by now.
 */
export const truthful = (
  banner: ConnectionBannerView,
  connection: ConnectionView,
  waiting: number,
): ConnectionBannerView =>
  banner.kind === 'done' && (connection.phase !== 'live' || waiting > 0)
    ? { kind: 'syncing', behind: 0 }
    : banner

/** The words. On an iPhone only an open app sends, which is worth saying when something waits. */
export const bannerText = (
  banner: ConnectionBannerView,
  waiting: number,
  appleMobile: boolean,
): string => {
  switch (banner.kind) {
    case 'none':
      return ''
    case 'signed-out':
      return 'Sign in to sync. Your messages are safe on this device.'
    case 'offline':
      return appleMobile && waiting > 0
        ? `${waiting} not sent. Open the app when you have signal.`
        : 'Offline. Messages are saved on this device and send when you reconnect.'
    case 'connecting':
      return 'Connecting…'
    case 'syncing':
      return banner.behind > 0 ? `Syncing ${banner.behind}…` : 'Syncing…'
    case 'done':
      return 'Up to date'
  }
}
