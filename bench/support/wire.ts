/** Counts what goes over the sockets that this process opens, whatever library opens them. */
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

export interface Traffic {
  /** Bytes, heads of HTTP and frames included. */
  readonly down: number
  readonly up: number
  /** How many were opened. */
  readonly sockets: number
}

let sockets: Socket[] = []
/** Of those that are closed. */
let past = { down: 0, up: 0, sockets: 0 }

subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket }
  sockets.push(socket)
  socket.once('close', () => {
    if (!sockets.includes(socket)) return
    past = trafficOf([socket], past)
    sockets = sockets.filter((other) => other !== socket)
  })
})

const trafficOf = (some: readonly Socket[], before: Traffic): Traffic => ({
  down: some.reduce((sum, { bytesRead }) => sum + bytesRead, before.down),
  up: some.reduce((sum, { bytesWritten }) => sum + bytesWritten, before.up),
  sockets: before.sockets + some.length,
})

/** Since `resetTraffic`. */
export const traffic = (): Traffic => trafficOf(sockets, past)

/** Sockets of before do not count any more. */
export const resetTraffic = (): void => {
  sockets = []
  past = { down: 0, up: 0, sockets: 0 }
}
