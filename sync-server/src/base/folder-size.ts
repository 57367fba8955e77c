import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that are looked at together. */
const AT_ONCE = 64

/**
 * Bytes of all files in a folder and below, but for the entries of the folder itself that are left
 * out. What goes away meanwhile weighs nothing; a folder that is not there neither.
 */
export const folderSize = async (
  folder: string,
  without: readonly string[] = [],
): Promise<number> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifGone)
  let bytes = 0
  const files: string[] = []
  for (const entry of entries ?? []) {
    if (without.includes(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await folderSize(path)
    else if (entry.isFile()) files.push(path)
  }
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE).map((path) => stat(path).catch(ifGone))
    for (const found of await Promise.all(some)) bytes += found?.size ?? 0
  }
  return bytes
}

const ifGone = (error: unknown): undefined => {
  const { code } = error as { code?: unknown }
  if (code !== 'ENOENT') throw error
}
