/** `npm run dev` as somebody in a terminal has it, on a free port and with data of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

const freePort = async (): Promise<number> => {
  const holder = createServer().listen(0, 'localhost')
  await once(holder, 'listening')
  const address = holder.address()
  holder.close()
  if (address === null || typeof address === 'string') throw new Error('not a port')
  return address.port
}

export class DevProcess {
  readonly url: string
  readonly #dataDir: string
  readonly #child: ChildProcess
  #output = ''

  private constructor(url: string, dataDir: string) {
    this.url = url
    this.#dataDir = dataDir
    this.#child = spawn('npm', ['run', 'dev'], {
      cwd: root,
      env: { ...process.env, CLIENT_URL: url, DATA_DIR: dataDir },
      // The group in the foreground of a terminal, to which Ctrl-C goes.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
      })
  }

  static async start(): Promise<DevProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'wardline-dev-'))
    return new DevProcess(`http://localhost:${await freePort()}`, dataDir)
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The processes that it consists of now. */
  pids(): readonly number[] {
    const found = [this.#child.pid ?? 0]
    const all = processes()
    for (const pid of found)
      found.push(...all.flatMap((each) => (each.parent === pid ? [each.pid] : [])))
    return found
  }

  /** Ctrl-C. Resolves when `npm run dev` is over. */
  async interrupt(): Promise<void> {
    if (this.hasEnded || this.#child.pid === undefined) return
    const exit = once(this.#child, 'exit')
    process.kill(-this.#child.pid, 'SIGINT')
    await exit
  }

  async remove(): Promise<void> {
    await this.interrupt()
    await rm(this.#dataDir, { recursive: true, force: true })
  }
}

/** Those of some processes that still run. */
export const stillRunning = (pids: readonly number[]): readonly number[] =>
  processes().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []))

/** All processes of this machine but those that are over and that nobody has asked for yet. */
const processes = (): readonly { pid: number; parent: number }[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([pid, parent, state = '']) =>
      state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent) }],
    )
