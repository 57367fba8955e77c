/** The server's process: settings in, signals in, one clear line out when it cannot start. */
import { type Config, readConfig } from './config/config.ts'
import { DEMO_PASSWORD } from './directory/demo-clinic.ts'
import { startServer } from './server.ts'
import { StoreError } from './storage/store-error.ts'

const fail = (line: string): never => {
  process.stderr.write(`wardline: ${line}\n`)
  process.exit(1)
}

const config = readConfig(process.env)
if (!config.ok) fail(config.error)
else {
  const { value } = config
  try {
    const server = await startServer(value)
    if (value.logLevel !== 'silent') {
      process.stdout.write(`Wardline is at ${server.url}\n`)
      if (server.demo)
        process.stdout.write(
          `Demo clinic: pat@demo.clinic and ada@demo.clinic, password ${DEMO_PASSWORD}\n`,
        )
    }
    let closing = false
    const stop = (): void => {
      // A second signal means now; what was acknowledged is safe in any case.
      if (closing) process.exit(1)
      closing = true
      server.close().then(
        () => process.exit(0),
        (error: unknown) => fail(`could not stop cleanly: ${String(error)}`),
      )
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  } catch (error) {
    fail(problemOf(error, value))
  }
}

function problemOf(error: unknown, { dataDir, host, port }: Config): string {
  if (error instanceof StoreError) {
    if (error.code === 'STORE_LOCKED')
      return `DATA_DIR ${dataDir} is in use by another process; stop that one or choose another`
    return `DATA_DIR ${dataDir} cannot be used: ${error.message}`
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `PORT ${port} is in use; stop what uses it or choose another`
  if (code === 'EACCES') return `PORT ${port} needs more rights than this process has`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST ${host} is not an address of this machine`
  return error instanceof Error ? error.message : String(error)
}
