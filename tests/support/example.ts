/** A program of `examples/`, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

export const examples = resolve(import.meta.dirname, '../../examples')

export class Example {
  readonly #child: ChildProcess
  #output = ''

  /**
   * @param path of the program
   * @param url of the server that it talks to
   * @param env what else it is given
   */
  constructor(path: string, url: string, env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [path], {
      env: { PATH: process.env.PATH ?? '', WARDLINE_URL: url, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
      })
  }

  /** What it has printed so far, to both. */
  get output(): string {
    return this.#output
  }

  /** Resolves with the lines that it printed, when it has ended well. */
  async lines(): Promise<readonly string[]> {
    const [code] = await once(this.#child, 'close')
    if (code !== 0) throw new Error(`it ended with ${code}: ${this.#output}`)
    return this.#output.trimEnd().split('\n')
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill()
    await exit
  }
}
