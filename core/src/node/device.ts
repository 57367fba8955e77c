/** A device that is a program: the same client as in the browser, over a socket of Node. */
import { randomBytes } from 'node:crypto'
import { parseDeviceId } from '../base/ids.ts'
import { Client } from '../client/client.ts'
import type { LocalStore } from '../client/store/local-store.ts'
import { MemoryDatabase, MemoryLocalStore } from '../client/store/memory-local-store.ts'
import { soloBus } from '../client/sync/tab-bus.ts'
import { type Credentials, Session } from './session.ts'
import { systemRandom, systemTimers } from './system.ts'
import { type Traffic, wsDial } from './ws-dial.ts'

export interface DeviceOptions extends Credentials {
  /** What the device keeps; without it, nothing beyond its run. */
  readonly store?: LocalStore
  /** Counts the bytes of its socket. */
  readonly traffic?: Traffic
}

export interface NodeDevice {
  readonly client: Client
  readonly session: Session
}

/** Signs in and starts; the client connects by itself. Rejects as `Session.signIn` does. */
export const startDevice = async (options: DeviceOptions): Promise<NodeDevice> => {
  const { store = new MemoryLocalStore(new MemoryDatabase()), url, traffic } = options
  const session = await Session.signIn(options)
  const { meta } = await store.load()
  const device = meta.device ?? parseDeviceId(randomBytes(8).toString('hex')) ?? null
  await store.putMeta({ me: session.person, device })
  const client = await Client.start({
    store,
    bus: soloBus(),
    dial: wsDial(url, traffic, session.dropToken),
    getToken: session.getToken,
    recallGroup: session.recallGroup,
    timers: systemTimers,
    random: systemRandom,
  })
  return { client, session }
}
