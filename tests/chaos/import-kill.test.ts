/** A list of people by the command as an operator calls it: all of them, or nobody. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { USER_PREFIX } from '@wardline/sync-server/directory/user'
import { verifyAudit } from '@wardline/sync-server/storage/audit'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { expect, it } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

const admin = resolve(import.meta.dirname, '../../sync-server/dist/admin.js')
const PEOPLE = 2_000

const count = async (dataDir: string): Promise<number> => {
  const store = await LevelStore.open(dataDir)
  const people = await store.listRecords(USER_PREFIX)
  expect(await verifyAudit(store)).toMatchObject({ kind: 'intact' })
  await store.close()
  return people.length
}

it('a command or a server that is killed in the middle leaves all of a list, or nobody', async () => {
  const server = await ServerProcess.start({ env: { WARDLINE_DEMO: '0' } })
  const folder = await mkdtemp(join(tmpdir(), 'wardline-lists-'))
  const csv = join(folder, 'people.csv')
  const lines = Array.from({ length: PEOPLE }, (_, i) => `Person ${i},patient,p${i}@mail.example`)
  await writeFile(csv, `name,role,email\n${lines.join('\n')}\n`)
  const env = { PATH: process.env.PATH ?? '', DATA_DIR: server.dataDir }
  const begin = () =>
    spawn(process.execPath, [admin, 'import', csv, '--apply'], { env, stdio: 'ignore' })
  try {
    // How long one takes that nobody disturbs says when the others are in the middle.
    const began = performance.now()
    const [code] = await once(begin(), 'close')
    expect(code).toBe(0)
    const took = performance.now() - began
    await server.stop()
    expect(await count(server.dataDir)).toBe(PEOPLE)
    for (const [i, who] of ['command', 'server'].entries()) {
      await rm(server.dataDir, { recursive: true })
      await server.start()
      const command = begin()
      const closed = once(command, 'close')
      const end = setTimeout(
        () => {
          if (who === 'command') command.kill('SIGKILL')
          else process.kill(server.pid, 'SIGKILL')
        },
        took * (0.5 + i * 0.2),
      )
      await closed
      clearTimeout(end)
      await server.kill()
      expect([0, PEOPLE], `${who}, run ${i}`).toContain(await count(server.dataDir))
    }
  } finally {
    await server.remove()
    await rm(folder, { recursive: true })
  }
}, 180_000)
