import type { Client } from '../client/client.ts'

/**
 * Resolves when `test` holds, looking again whenever the client changes. Rejects after `ms`
 * milliseconds.
 */
export const until = (client: Client, test: () => boolean, ms = 30_000): Promise<void> =>
  new Promise((done, fail) => {
    const look = (): void => {
      if (!test()) return
      stop()
      done()
    }
    const unsubscribe = client.subscribe(look)
    const timer = setTimeout(() => {
      stop()
      fail(new Error(`not within ${ms} ms: ${test}`))
    }, ms)
    const stop = (): void => {
      unsubscribe()
      clearTimeout(timer)
    }
    look()
  })
