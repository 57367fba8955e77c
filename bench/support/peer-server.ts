/** The server of a peer, in a process of its own. */
import type { PeerServer, Served } from './peer-roles.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export const startPeer = (role: string): Promise<ServerProcess<Served<PeerServer>>> =>
  startServer<Served<PeerServer>>(role, {
    start: (process, dataDir) => process.call.start(dataDir),
    stop: (process) => process.call.stop(),
  })
