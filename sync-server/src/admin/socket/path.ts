import { join } from 'node:path'

const FILE = 'admin.sock'

/** What systems take, in bytes; the rest of a longer one they would cut off. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103

/** Where the socket of a data directory is; `isUsable` is false where it cannot be. */
export const adminSocketPath = (
  dataDir: string,
): { readonly path: string; readonly isUsable: boolean; readonly why: string } => {
  const path = join(dataDir, FILE)
  const bytes = Buffer.byteLength(path)
  if (process.platform === 'win32')
    return { path, isUsable: false, why: 'this system has no sockets that are files' }
  const isUsable = bytes <= LONGEST_PATH
  const why = isUsable
    ? ''
    : `the path of its admin.sock has ${bytes} bytes, and a socket takes ${LONGEST_PATH}: choose a shorter DATA_DIR`
  return { path, isUsable, why }
}
