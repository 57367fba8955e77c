/** What the widget says: plainly, and nothing that is not known. */
import { TextError } from '@wardline/core/chat/text-error'
import type { Progress } from './chat-page.ts'
import type { LinkState, PortalChat } from './portal-chat.ts'

const progress: Record<Progress, string> = {
  unsaved: 'Not saved yet',
  saved: 'On this device, not sent yet',
  stored: 'With the practice',
  delivered: 'Delivered',
  read: 'Read',
}

export const progressText = (state: Progress): string => progress[state]

const link: Record<Exclude<LinkState, 'online' | 'offline'>, string> = {
  connecting: 'Connecting…',
  'signed-out': 'Sign in to send. What you wrote is kept on this device.',
  'no-access': 'The practice does not let this account into the chat. What is here stays.',
  'wrong-clock': 'The clock of this device is wrong. Set it, then open this page again.',
}

/** Of a browser that two people share. */
export const OTHERS =
  'This browser holds another person’s messages. They have to sign out of the portal here first.'

const PORTAL_SIGNED_OUT =
  'Sign in to the portal again to send. What you wrote is kept on this device.'

/** A line above the messages; '' when all is well. */
export const bannerText = (
  chat: Pick<PortalChat, 'state' | 'isKept'>,
  byPortal = false,
): string => {
  const { state, isKept } = chat
  const risk =
    'This browser keeps nothing: leave the page open until a message is with the practice.'
  if (state === 'online') return isKept ? '' : risk
  if (state === 'offline')
    return isKept
      ? 'Offline. What you write is kept on this device, and sent when there is a connection.'
      : `Offline. ${risk}`
  return state === 'signed-out' && byPortal ? PORTAL_SIGNED_OUT : link[state]
}

const presence = { typing: 'is typing…', online: 'is online', away: '' }

export const presenceText = ({ presence: state }: Pick<PortalChat, 'presence'>): string =>
  presence[state]

export const sendProblem = (error: unknown): string => {
  if (error instanceof TextError)
    return error.code === 'too-long' ? 'This is too long for one message.' : ''
  return 'It could not be saved. Your text is still here.'
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })

/** @param at ms since 1970 */
export const timeText = (at: number): string => time.format(at)
export const dayText = (at: number): string => day.format(at)
