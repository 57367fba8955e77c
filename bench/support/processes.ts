/** The bench's side: starts roles as processes, asks them, and reads what they use from Linux. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import type { Answer, Handlers } from './role.ts'

const root = resolve(import.meta.dirname, '../..')
/** Inside the repository, so that what is not bundled is found in its `node_modules`. */
const cache = join(root, '.cache/bench')
/** Clock ticks per second of /proc, which Linux fixes for user space. */
const TICKS = 100

/** Of each role that was bundled in this run. */
const bundles = new Map<string, Promise<string>>()

const bundle = (role: string): Promise<string> => {
  const made = bundles.get(role) ?? makeBundle(role)
  bundles.set(role, made)
  return made
}

/** Where the bundle of a role goes: to where the packages are found that it leaves outside. */
const folderFor = (role: string): string => {
  const [, peer] = /^peers\/(.+)$/.exec(role) ?? []
  return peer === undefined
    ? join(cache, role)
    : join(root, 'bench/peers/node_modules/.bench', peer)
}

const sourceOf = (role: string): string =>
  role.startsWith('peers/')
    ? join(root, 'bench', `${role}.mjs`)
    : join(root, 'bench/roles', `${role}.ts`)

/** Bundles the TypeScript of a role, workspace packages included, as a build for production does. */
const makeBundle = async (role: string): Promise<string> => {
  const conditions = ['wardline-source', 'module', 'node', 'production']
  const outDir = folderFor(role)
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: {
          role: sourceOf(role),
          // Of the server, which finds it beside its own file.
          'work-thread': join(root, 'sync-server/src/work/work-thread.ts'),
        },
        output: { entryFileNames: '[name].mjs' },
      },
    },
  })
  return join(outDir, 'role.mjs')
}

/** What a role offers, as seen from here. */
type Remote<H extends Handlers> = {
  [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Awaited<ReturnType<H[K]>>>
}

export interface Usage {
  /** User and system time of all threads, s. */
  readonly cpu: number
  /** MB. */
  readonly rss: number
  readonly peakRss: number
}

export class RoleProcess<H extends Handlers> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { done(value: unknown): void; fail(error: Error): void }>()
  #last = 0
  readonly call: Remote<H>

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if (answer.ok) waiting?.done(answer.value)
      else waiting?.fail(new Error(answer.error))
    })
    child.on('exit', (code, signal) => {
      for (const { fail } of this.#waiting.values())
        fail(new Error(`the process ended with ${code ?? signal}`))
      this.#waiting.clear()
    })
    this.call = new Proxy({} as Remote<H>, {
      get: (_target, method) => (method === 'then' ? undefined : this.#caller(String(method))),
    })
  }

  /**
   * Starts a role: a program of `bench/roles`, or of another project as `peers/…`.
   *
   * With PROFILE=<role> in the environment that role leaves a CPU profile in `.cache/profiles`.
   */
  static async start<H extends Handlers>(role: string): Promise<RoleProcess<H>> {
    const profiled = process.env.PROFILE === role
    const profiles = join(root, '.cache/profiles')
    if (profiled) mkdirSync(profiles, { recursive: true })
    const child = fork(await bundle(role), [], {
      serialization: 'advanced',
      execArgv: ['--expose-gc', ...(profiled ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [])],
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, NODE_ENV: 'production' },
    })
    await once(child, 'spawn')
    return new RoleProcess<H>(child)
  }

  get #pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process did not start')
    return this.#child.pid
  }

  usage(): Usage {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8')
    // The second field is the command in parentheses, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8')
    const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
      rss: mb('VmRSS'),
      peakRss: mb('VmHWM'),
    }
  }

  /** The peak counts from now on. */
  resetPeak(): void {
    writeFileSync(`/proc/${this.#pid}/clear_refs`, '5')
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.disconnect()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await exit
    clearTimeout(timer)
  }

  #caller(method: string): (...args: unknown[]) => Promise<unknown> {
    return (...args) =>
      new Promise((done, fail) => {
        const id = ++this.#last
        this.#waiting.set(id, { done, fail })
        this.#child.send({ id, method, args })
      })
  }
}
