import { cp, lstat } from 'node:fs/promises'

/** Copies a data directory as it lies, but for the socket of a server that was killed. */
export const copyData = (from: string, to: string): Promise<void> =>
  cp(from, to, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSocket(),
  })
