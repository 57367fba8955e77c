import { type WaysInApi, waysInApi } from '../sync/ways-in-api.ts'
import type { ChatPorts } from './ports.ts'

/** What is on its way has a method of every name: only those that there are may be looked for. */
export const waysInOf = ({ getToken, dropToken }: ChatPorts['access']): WaysInApi =>
  waysInApi({ getToken, dropToken })
