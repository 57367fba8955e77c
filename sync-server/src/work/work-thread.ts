/** The thread's side: one job after the other. Not for importing, but for its types. */
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type JobName, openJobs, runJob } from './jobs.ts'
import { type Packed, unpack } from './packed.ts'

interface Order {
  readonly name: JobName
  readonly packed: Packed
  readonly args: readonly unknown[]
}

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string }

/** On Linux, where threads have priorities of their own. */
const giveWay = (nice: number): void => {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), nice)
  } catch {
    // Elsewhere they are all alike.
  }
}

if (typeof workerData === 'number' && workerData > 0) giveWay(workerData)
const jobs = openJobs()
parentPort?.on('message', async ({ name, packed, args }: Order) => {
  const tell = (answer: Answer): void => parentPort?.postMessage(answer)
  try {
    tell({ ok: true, value: await runJob(jobs, name, unpack(packed), args) })
  } catch (error) {
    tell({ ok: false, error: String(error) })
  }
})
