/** A device that is a program: the same client as in the browser, over a socket of Node. */
import { randomBytes } from 'node:crypto'
import { parseDeviceId } from '../base/ids.ts'
import { Client } from '../client/client.ts'
import type { LocalStore } from '../client/store/local-store.ts'
import { MemoryDatabase, MemoryLocalStore } from '../client/store/memory-local-store.ts'
import { soloBus } from '../client/sync/tab-bus.ts'
import { DeviceRemovedError } from './device-removed-error.ts'
import { type Credentials, Session } from './session.ts'
import { systemRandom, systemTimers } from './system.ts'
import { type Traffic, wsDial } from './ws-dial.ts'

export type DeviceOptions = Credentials & {
  /** What the device keeps; without it, nothing beyond its run. */
  readonly store?: LocalStore
  /** Counts the bytes of its socket. */
  readonly traffic?: Traffic
}

export interface NodeDevice {
  readonly client: Client
  readonly session: Session
  /** Resolves when the device was removed from the account, and the client and the store are empty. */
  readonly removed: Promise<DeviceRemovedError>
}

/** Signs in and starts; the client connects by itself. Rejects as `Session.signIn` does. */
export const startDevice = async (options: DeviceOptions): Promise<NodeDevice> => {
  const { store = new MemoryLocalStore(new MemoryDatabase()), url, traffic } = options
  const { meta } = await store.load()
  const device = meta.device ?? parseDeviceId(randomBytes(8).toString('hex'))
  if (device === undefined) throw new Error('16 hexadecimal digits name a device')
  const { deviceName = 'Program' } = options
  const session = await Session.signIn({ ...options, device, deviceName })
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
  const removed = session.removed.then(async (by) => {
    const unsent = by === 'person' ? await client.unsent() : []
    client.close()
    await store.wipe()
    return new DeviceRemovedError(by, unsent)
  })
  return { client, session, removed }
}
