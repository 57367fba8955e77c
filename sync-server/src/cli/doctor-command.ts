import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AdminClient } from '../admin/socket/admin-client.ts'
import { connectToServer } from '../admin/socket/admin-client.ts'
import { COPY, copyResult } from '../admin/socket/messages.ts'
import type { Environment } from '../config/config.ts'
import { lookAtCopy, runDoctor, verdictOn } from '../doctor/doctor.ts'
import { err } from '../errors/result.ts'
import { type AdminOutcome, configOf } from './open-data.ts'
import { sayRefusal, withReason } from './operation-command.ts'

/** `admin.js doctor`. It does the work itself: a running server only makes a copy of its database. */
export const doctor = async (env: Environment): Promise<AdminOutcome> => {
  const config = await configOf(env)
  if (!config.ok) return config
  const { dataDir } = config.value
  const server = await connectToServer(dataDir)
  if (!server.ok) return server
  const { value } = server
  return withReason(value === undefined ? runDoctor(dataDir) : ofRunning(value, dataDir))
}

const ofRunning = async (server: AdminClient, dataDir: string): Promise<AdminOutcome> => {
  const copy = await mkdtemp(join(tmpdir(), 'wardline-doctor-'))
  try {
    const copied = await server.call(COPY, { folder: copy })
    if (!copied.ok) return err(`${sayRefusal(copied.error)} (${dataDir})`)
    const { damaged } = copyResult.parse(copied.value.value)
    return verdictOn(dataDir, [
      ...(damaged ? [{ kind: 'disk' as const, what: 'parts of the database cannot be read' }] : []),
      ...(await lookAtCopy(copy, dataDir)),
    ])
  } finally {
    server.close()
    await rm(copy, { recursive: true, force: true })
  }
}
