/** The child's side of a bench: a process of its own that does what the bench asks, over IPC. */

/** Any function that takes and returns what can be cloned. */
export type Handlers = Record<string, (...args: never[]) => unknown>

interface Request {
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string }

/** Serves until the parent is gone. */
export const serveRole = (handlers: Handlers): void => {
  const answer = (message: Answer): void => {
    process.send?.(message)
  }
  process.on('message', async ({ id, method, args }: Request) => {
    try {
      const handler = handlers[method]
      if (handler === undefined) throw new Error(`no ${method} here`)
      answer({ id, ok: true, value: await handler(...(args as never[])) })
    } catch (error) {
      answer({ id, ok: false, error: error instanceof Error ? String(error.stack) : String(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
