import type { Config } from '../config/config.ts'
import { StoreError } from '../storage/store-error.ts'

/** One line that says why the server could not start, and what to do about it. */
export const startProblem = (error: unknown, { dataDir, host, port }: Config): string => {
  if (error instanceof StoreError) {
    if (error.code === 'STORE_LOCKED')
      return `DATA_DIR ${dataDir} is in use by another process; stop that one or choose another`
    return `DATA_DIR ${dataDir} cannot be used: ${error.message}`
  }
  const { code, syscall, message } = systemError(error)
  // Only what went wrong with the address is about PORT or HOST; a file's own error names the file.
  if (syscall === 'listen' && code === 'EADDRINUSE')
    return `PORT ${port} is in use; stop what uses it or choose another`
  if (syscall === 'listen' && code === 'EACCES')
    return `PORT ${port} needs more rights than this process has`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST ${host} is not an address of this machine`
  return message
}

interface SystemError {
  readonly code: unknown
  readonly syscall: unknown
  readonly message: string
}

const systemError = (error: unknown): SystemError =>
  error instanceof Error
    ? {
        code: 'code' in error ? error.code : undefined,
        syscall: 'syscall' in error ? error.syscall : undefined,
        message: error.message,
      }
    : { code: undefined, syscall: undefined, message: String(error) }
