/**
 * The real server for a test that does nothing to its process: many such share one, which has loaded
 * its modules once. Starting a process takes more of the CPU than most tests need of a server.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerOptions } from './server-process.ts'

const program = join(import.meta.dirname, 'server-host.mjs')

interface Answer {
  call: number
  port?: number
  error?: string
}

/** The process of them. */
export class ServerHost {
  readonly #calls = new Map<number, (answer: Answer) => void>()
  #child: ChildProcess | undefined
  #lastCall = 0

  /** Starts the server `id` where there is an environment, and stops it where there is none. */
  call(id: string, env?: Record<string, string>): Promise<number | undefined> {
    const call = ++this.#lastCall
    return new Promise((done, fail) => {
      this.#calls.set(call, ({ port, error }) => {
        if (error === undefined) done(port)
        else fail(new Error(error))
      })
      this.#child ??= this.#begin()
      this.#child.send({ call, id, env })
    })
  }

  async close(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  #begin(): ChildProcess {
    const { PATH = '' } = process.env
    const child = fork(program, {
      env: { PATH },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('message', (answer: Answer) => {
      this.#calls.get(answer.call)?.(answer)
      this.#calls.delete(answer.call)
    })
    child.once('exit', () => {
      for (const [call, done] of this.#calls) done({ call, error: 'the host of servers ended' })
    })
    return child
  }
}

/** What both kinds of server are for a test. */
export interface TestServer {
  readonly url: string
  readonly dataDir: string
  /** Changes take effect with the next start. */
  readonly options: Pick<ServerOptions, 'env'>
  /** Starts again, on the same port and data. Resolves when it listens. */
  start(): Promise<void>
  /** As SIGTERM does. */
  stop(): Promise<void>
}

/** One of them, with data of its own. What needs its process takes a `ServerProcess`. */
export class HostedServer implements TestServer {
  readonly dataDir: string
  readonly options: Pick<ServerOptions, 'env'> = {}
  readonly #host: ServerHost
  #port = 0

  private constructor(host: ServerHost, dataDir: string) {
    this.#host = host
    this.dataDir = dataDir
  }

  /** Starts a server on an empty data directory. */
  static async start(host: ServerHost): Promise<HostedServer> {
    const server = new HostedServer(host, await mkdtemp(join(tmpdir(), 'wardline-')))
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    const port = await this.#host.call(this.dataDir, {
      HOST: '127.0.0.1',
      PORT: String(this.#port),
      DATA_DIR: this.dataDir,
      ...this.options.env,
    })
    this.#port = port ?? 0
  }

  async stop(): Promise<void> {
    await this.#host.call(this.dataDir)
  }

  /** Stops it, and removes its data. */
  async remove(): Promise<void> {
    await this.stop()
    await rm(this.dataDir, { recursive: true, force: true })
  }
}
