/** The real server as a process of its own, on a free port, that a test can kill. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const main = join(root, 'sync-server/dist/main.js')

export interface ServerOptions {
  env?: Record<string, string>
  /** Modules to load before the server's own. */
  imports?: readonly string[]
  /** Largest file, in kB, that the system lets the process write: to it, the disk is full then. */
  largestFile?: number
}

export class ServerProcess {
  readonly dataDir: string
  readonly #options: ServerOptions
  /** Changes take effect with the next start. */
  get options(): ServerOptions {
    return this.#options
  }
  #child: ChildProcess | undefined
  #port = 0
  #output = ''

  private constructor(dataDir: string, options: ServerOptions) {
    this.dataDir = dataDir
    this.#options = options
  }

  /** Starts a server on an empty data directory. */
  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'wardline-'))
    const server = new ServerProcess(dataDir, options)
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** What the process has printed since it was started first. */
  get output(): string {
    return this.#output
  }

  /** Starts again, on the same port and data. Resolves when it listens. */
  async start(): Promise<void> {
    const imports = (this.#options.imports ?? []).flatMap((module) => ['--import', module])
    const { largestFile } = this.#options
    const command = [process.execPath, ...imports, main]
    const limited = `trap '' XFSZ; ulimit -f ${largestFile}; exec "$@"`
    const [program = '', ...args] =
      largestFile === undefined ? command : ['bash', '-c', limited, 'bash', ...command]
    const child = spawn(program, args, {
      env: {
        PATH: process.env.PATH ?? '',
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        DATA_DIR: this.dataDir,
        ...this.#options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let printed = ''
    const url = new Promise<string>((done, fail) => {
      const read = (chunk: Buffer) => {
        printed += chunk.toString()
        this.#output += chunk.toString()
        const match = /http:\/\/127\.0\.0\.1:(\d+)/.exec(printed)
        if (match?.[1] !== undefined) done(match[1])
      }
      child.stdout?.on('data', read)
      child.stderr?.on('data', read)
      child.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${printed}`)))
    })
    this.#port = Number(await url)
  }

  /** As a power cut: the process gets no chance to do anything. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** Stops it, and removes its data. */
  async remove(): Promise<void> {
    await this.#end('SIGKILL')
    await rm(this.dataDir, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
}
