/**
 * The socket in the data directory through which the command reaches a running server. It is a file
 * that only the server's own account can open, and whoever can is whoever runs the clinic.
 */
import { once } from 'node:events'
import { chmod, lstat, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { PRIVATE_FILE } from '../../base/make-folder.ts'
import type { Logger } from '../../config/logger.ts'
import type { Failure } from '../../errors/catalogue.ts'
import { ok, type Result } from '../../errors/result.ts'
import type { DatabaseCopy } from '../../storage/copy-database.ts'
import { StoreError } from '../../storage/store-error.ts'
import type { AdminContext } from '../context.ts'
import { type Done, type Refusal, refusal } from '../operation.ts'
import { operationNamed } from '../operations/table.ts'
import { Lines, lineOf } from './lines.ts'
import { type Answer, COPY, callSchema, copyInput, type Hello, PROTOCOL } from './messages.ts'
import { adminSocketPath } from './path.ts'

/** Commands that may be under way at once. */
const MAX_COMMANDS = 16
/** Connections that wait to be taken in: none of an honest owner does for long. */
const BACKLOG = 16

export interface AdminSocketOptions {
  readonly dataDir: string
  readonly context: AdminContext
  /** Copies the database into a folder; see `LevelStore.copyTo`. */
  readonly copyDatabase: (folder: string, signal: AbortSignal) => Promise<DatabaseCopy>
  /** From now on no file is deleted, until what it returns is called. */
  readonly keepFiles: () => () => Promise<void>
  readonly log: Logger
}

export interface AdminSocket {
  /** Takes no more, and ends those that are there once what they asked for is done. */
  close(): Promise<void>
}

/**
 * Listens, if it can: the server runs without it too, and its log says why. Whoever calls this has
 * the data directory to itself, so a socket that is there is of a server that died.
 */
export const serveAdmin = async (options: AdminSocketOptions): Promise<AdminSocket> => {
  const { dataDir, log } = options
  const { path, isUsable, why } = adminSocketPath(dataDir)
  const problem = isUsable ? await removeStale(path) : why
  if (problem !== undefined) {
    log('warn', 'admin-socket.absent', { message: problem })
    return { close: async () => {} }
  }
  const socket = new CommandServer(options)
  try {
    await socket.listen(path)
  } catch (error) {
    log('warn', 'admin-socket.absent', { message: String(error) })
  }
  return socket
}

/** Why the path cannot be used; undefined when it can. */
const removeStale = async (path: string): Promise<string | undefined> => {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return undefined
  if (!found.isSocket()) return `${path} is there, and is no socket: it was left alone`
  await rm(path, { force: true })
  return undefined
}

class CommandServer implements AdminSocket {
  readonly #options: AdminSocketOptions
  readonly #server: Server
  readonly #commands = new Map<Lines, Promise<void>>()
  /** Only one at a time. */
  #copying = false

  constructor(options: AdminSocketOptions) {
    this.#options = options
    this.#server = createServer((socket) => this.#take(socket))
  }

  /** Rejects with the system's error. */
  async listen(path: string): Promise<void> {
    // It is made at once; before that nobody else may get at it for a moment.
    const before = process.umask(0o177)
    try {
      this.#server.listen({ path, backlog: BACKLOG })
    } finally {
      process.umask(before)
    }
    await once(this.#server, 'listening')
    await chmod(path, PRIVATE_FILE)
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const lines of this.#commands.keys()) lines.stop()
    await Promise.all(this.#commands.values())
    await closed
  }

  #take(socket: Socket): void {
    if (this.#commands.size >= MAX_COMMANDS) return void socket.destroy()
    const lines = new Lines(socket)
    const command = this.#serve(socket, lines).catch((error: unknown) => {
      this.#options.log('warn', 'admin-socket.failed', { message: String(error) })
    })
    this.#commands.set(lines, command)
    void command.finally(() => this.#commands.delete(lines))
  }

  async #serve(socket: Socket, lines: Lines): Promise<void> {
    const left: (() => Promise<void>)[] = []
    const say = (message: Hello | Answer): void => void socket.write(lineOf(message))
    say({ wardline: 'admin', protocol: PROTOCOL })
    try {
      for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
        const answer = await this.#answer(line, lines.ended, (task) => left.push(task))
        say(answer.ok ? { done: answer.value } : { refused: answer.error })
      }
    } finally {
      socket.destroySoon()
      for (const task of left) await task()
    }
  }

  async #answer(
    line: string,
    signal: AbortSignal,
    atEnd: (task: () => Promise<void>) => void,
  ): Promise<Result<Done, Refusal>> {
    const call = callSchema.safeParse(parse(line))
    if (!call.success) return refusal('bad-json')
    if (call.data.protocol !== PROTOCOL)
      return refusal('bad-request', `the server speaks version ${PROTOCOL} of its admin socket`)
    try {
      if (call.data.call === COPY) return await this.#copy(call.data.input, signal, atEnd)
      const operation = operationNamed(call.data.call)
      if (operation === undefined)
        return refusal('not-found', `the server does not know ${call.data.call}`)
      return await operation.call(this.#options.context, call.data.input)
    } catch (error) {
      return { ok: false, error: this.#failureOf(error, call.data.call) }
    }
  }

  async #copy(
    input: unknown,
    signal: AbortSignal,
    atEnd: (task: () => Promise<void>) => void,
  ): Promise<Result<Done, Refusal>> {
    const read = copyInput.safeParse(input)
    if (!read.success) return refusal('bad-request')
    if (this.#copying) return refusal('server-busy', 'a copy is being made already')
    this.#copying = true
    // Before the moment that the copy shows.
    const release = this.#options.keepFiles()
    atEnd(async () => {
      this.#copying = false
      await release()
    })
    const value = await this.#options.copyDatabase(read.data.folder, signal)
    return ok({ value, text: '' })
  }

  #failureOf(error: unknown, call: string): Failure & { message?: string } {
    if (error instanceof StoreError) {
      const { cause, message } = error
      return {
        code: 'store-unavailable',
        message: cause instanceof Error ? `${message}: ${cause.message}` : message,
      }
    }
    this.#options.log('error', 'admin-socket.failed', { call, message: String(error) })
    return { code: 'internal' }
  }
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
