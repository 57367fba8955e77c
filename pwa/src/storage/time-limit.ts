/**
 * A promise of the browser's that may never settle: Safari is known to lose its database process
 * without telling. Rejects with what `late` returns after `limit` ms.
 */
export const within = <T>(limit: number, task: Promise<T>, late: () => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), limit)
    task.then(resolve, reject).finally(() => clearTimeout(timer))
  })
