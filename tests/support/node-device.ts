/** Devices of the demo accounts that are programs, for tests and benches. */
import type { Client } from '@wardline/core/client/client'
import type { Person } from '@wardline/core/client/model/views'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { startDevice as startNodeDevice } from '@wardline/core/node/device'
import { Session } from '@wardline/core/node/session'
import type { Traffic } from '@wardline/core/node/ws-dial'

export { systemTimers } from '@wardline/core/node/system'
export { until } from '@wardline/core/node/until'
export { wsDial } from '@wardline/core/node/ws-dial'

/** Of the demo accounts. */
const DEMO_PASSWORD = 'wardline-demo'

export interface SignedIn {
  token: string
  expiresAt: number
  person: Person
}

/** Signs in over HTTP. Rejects when the server does not answer, or refuses. */
export const signIn = async (url: string, email: string): Promise<SignedIn> => {
  const session = await Session.signIn({ url, email, password: DEMO_PASSWORD })
  const answer = await session.getToken()
  if (answer.kind !== 'token') throw new Error(`sign-in: ${answer.kind}`)
  return { token: answer.token, expiresAt: answer.expiresAt, person: session.person }
}

export interface NodeDevice {
  client: Client
  database: MemoryDatabase
  traffic: Traffic
  person: Person
}

export interface NodeDeviceOptions {
  url: string
  email: string
  /** Keeps what an earlier run of the device left. */
  database?: MemoryDatabase
}

/** Starts a device for one of the demo accounts. */
export const startDevice = async ({
  url,
  email,
  database = new MemoryDatabase(),
}: NodeDeviceOptions): Promise<NodeDevice> => {
  const traffic: Traffic = { up: 0, down: 0 }
  const store = new MemoryLocalStore(database)
  const credentials = { url, email, password: DEMO_PASSWORD }
  const { client, session } = await startNodeDevice({ ...credentials, store, traffic })
  return { client, database, traffic, person: session.person }
}
