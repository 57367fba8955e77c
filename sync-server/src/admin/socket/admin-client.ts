/** The command's end of the socket of a running server. */
import { lstat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { err, ok, type Result } from '../../errors/result.ts'
import type { Done, Refusal } from '../operation.ts'
import { refusal } from '../operation.ts'
import { Lines, lineOf } from './lines.ts'
import { answerSchema, type Call, helloSchema, PROTOCOL } from './messages.ts'
import { adminSocketPath } from './path.ts'

/** How long a server may take to say who it is, ms. It may be busy, but never for that long. */
const HELLO_MS = 10_000

export interface AdminClient {
  /**
   * Has one thing done. Fails with `server-busy` when the server ends before it has answered: whether
   * it was done is not known then.
   */
  call(name: string, input: unknown): Promise<Result<Done, Refusal>>
  close(): void
}

/** undefined: no server runs on this data. Fails with one line when it cannot be asked. */
export const connectToServer = async (
  dataDir: string,
): Promise<Result<AdminClient | undefined, string>> => {
  const { path, isUsable } = adminSocketPath(dataDir)
  if (!isUsable) return ok(undefined)
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || !found.isSocket()) return ok(undefined)
  const own = process.geteuid?.()
  if (own !== undefined && found.uid !== own)
    return err(
      `${path} belongs to the account with the number ${found.uid}, and this runs as ${own}: run it as the account that the server runs as`,
    )
  const socket = await open(path)
  if (!(socket instanceof Error)) return greet(socket, path)
  const { code } = socket as NodeJS.ErrnoException
  // The file of a server that died, or ended a moment ago.
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return ok(undefined)
  return err(`${path} cannot be reached: ${socket.message}`)
}

const open = (path: string): Promise<Socket | Error> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', resolve)
  })

const greet = async (
  socket: Socket,
  path: string,
): Promise<Result<AdminClient | undefined, string>> => {
  const lines = new Lines(socket)
  const next = async (): Promise<unknown> => {
    const line = await lines.next()
    try {
      return line === undefined ? undefined : JSON.parse(line)
    } catch {
      return undefined
    }
  }
  const hurry = setTimeout(() => socket.destroy(), HELLO_MS)
  const hello = helloSchema.safeParse(await next())
  clearTimeout(hurry)
  if (!hello.success || hello.data.protocol !== PROTOCOL) {
    socket.destroy()
    return err(
      hello.success
        ? `the running server speaks version ${hello.data.protocol} of its admin socket, and this command ${PROTOCOL}: restart the server, or use the command that came with it`
        : `what listens at ${path} does not answer as a server of Wardline; if that is one, it is too busy: try again`,
    )
  }
  return ok({
    async call(name, input) {
      const message: Call = { protocol: PROTOCOL, call: name, input }
      socket.write(lineOf(message))
      const answer = answerSchema.safeParse(await next())
      if (!answer.success)
        return refusal(
          'server-busy',
          'the server ended before it answered; look whether it was done before you try again',
        )
      if ('done' in answer.data) return ok({ value: undefined, ...answer.data.done })
      const { code, message: why, retryAfter } = answer.data.refused
      return err({
        code,
        ...(why !== undefined && { message: why }),
        ...(retryAfter !== undefined && { retryAfter }),
      })
    },
    close: () => socket.destroy(),
  })
}
