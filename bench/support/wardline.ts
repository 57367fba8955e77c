/** A Wardline server in a process of its own, on data of its own, that can be started again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WardlineServer } from '../roles/wardline-server.ts'
import { RoleProcess } from './processes.ts'

export interface WardlineProcess {
  /** Of the process that runs now. */
  readonly process: RoleProcess<WardlineServer>
  /** Where it listens. */
  readonly url: string
  /** Another process on the same data: nothing is in its memory. */
  restart(): Promise<void>
  /** Ends it, and removes its data. */
  remove(): Promise<void>
}

/** @param webRoot folder of the built app; with it come the demo accounts */
export const startWardline = async (webRoot?: string): Promise<WardlineProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'wardline-bench-'))
  const begin = async () => {
    const process = await RoleProcess.start<WardlineServer>('wardline-server')
    return { process, url: await process.call.start(dataDir, webRoot) }
  }
  const end = async () => {
    await now.process.call.stop()
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
