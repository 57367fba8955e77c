/**
 * A power cut: of what a server wrote, only what it had asked the disk to keep is there afterwards.
 * A small library, made by the system's C compiler, is preloaded into the process and notes that.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const source = resolve(import.meta.dirname, '../chaos/power.c')

/** Whether this machine can make the library. */
export const canCutPower =
  process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0

export class Power {
  readonly #folder: string
  /** For the server's process. */
  readonly env: Record<string, string>
  /** Durable bytes of each file at the time of the last cut. */
  #before = new Map<string, number>()

  private constructor(folder: string) {
    this.#folder = folder
    this.env = { LD_PRELOAD: join(folder, 'power.so'), POWER_JOURNAL: join(folder, 'journal') }
  }

  static async plugIn(): Promise<Power> {
    const folder = await mkdtemp(join(tmpdir(), 'wardline-power-'))
    const power = new Power(folder)
    const library = power.env.LD_PRELOAD ?? ''
    const made = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'])
    if (made.status !== 0) throw new Error(made.stderr.toString())
    return power
  }

  /** With the process dead: takes from its files what was not durable. Returns how many bytes. */
  async cut(dataDir: string): Promise<number> {
    const durable = await this.#durable()
    let lost = 0
    for (const path of await filesIn(dataDir)) {
      const { size } = await stat(path)
      const kept = durable.get(path)
      if (kept === undefined) await rm(path)
      else if (kept < size) await truncate(path, kept)
      lost += size - Math.min(size, kept ?? 0)
    }
    this.#before = new Map()
    for (const path of await filesIn(dataDir)) this.#before.set(path, (await stat(path)).size)
    await rm(this.env.POWER_JOURNAL ?? '', { force: true })
    return lost
  }

  async unplug(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #durable(): Promise<Map<string, number>> {
    const durable = new Map(this.#before)
    const journal = await readFile(this.env.POWER_JOURNAL ?? '', 'utf8').catch(() => '')
    for (const line of journal.split('\n')) {
      const [, size, path] = /^S (\d+) (.*)$/.exec(line) ?? []
      if (path !== undefined) durable.set(path, Number(size))
      const [, from = '', to] = /^R (.*)\t(.*)$/.exec(line) ?? []
      if (to === undefined) continue
      const known = durable.get(from)
      durable.delete(from)
      if (known !== undefined) durable.set(to, known)
    }
    return durable
  }
}

/** LevelDB's own log of what it does, and its lock, say nothing of what people wrote. */
const ignored = /\/(LOCK|LOG|LOG\.old)$/

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !ignored.test(path))
