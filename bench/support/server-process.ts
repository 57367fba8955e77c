/** A server in a process of its own, on data of its own, that can be started again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RoleProcess } from './processes.ts'
import type { Handlers } from './role.ts'

export interface ServerProcess<H extends Handlers> {
  /** The process that runs now. */
  readonly process: RoleProcess<H>
  /** Where it listens. */
  readonly url: string
  /** Another process on the same data: nothing is in its memory. */
  restart(): Promise<void>
  /** Ends it, and removes its data. */
  remove(): Promise<void>
}

interface Way<H extends Handlers> {
  /** Returns where it listens. */
  start(process: RoleProcess<H>, dataDir: string): Promise<string>
  stop(process: RoleProcess<H>): Promise<void>
}

export const startServer = async <H extends Handlers>(
  role: string,
  { start, stop }: Way<H>,
): Promise<ServerProcess<H>> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
  const begin = async () => {
    const process = await RoleProcess.start<H>(role)
    return { process, url: await start(process, dataDir) }
  }
  const end = async () => {
    await stop(now.process)
    await now.process.end()
  }
  let now = await begin()
  return {
    get process() {
      return now.process
    },
    get url() {
      return now.url
    },
    async restart() {
      await end()
      now = await begin()
    },
    async remove() {
      await end()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
