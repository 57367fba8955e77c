/** The server's process: settings in, signals in, one clear line out when it cannot start. */
import { ownOnly } from './base/make-folder.ts'
import { DEMO_PASSWORD } from './cli/demo-clinic.ts'
import { startProblem } from './cli/start-problem.ts'
import { readConfig } from './config/config.ts'
import { startServer } from './server.ts'

const fail = (line: string): never => {
  process.stderr.write(`wardline: ${line}\n`)
  process.exit(1)
}

ownOnly()
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
          `Demo clinic: pat@demo.clinic, ada@demo.clinic, and for administration admin@demo.clinic; password ${DEMO_PASSWORD}\n`,
        )
      const first = value.production ? await server.firstAdminLink() : undefined
      if (first !== undefined)
        process.stdout.write(
          `Nobody has an account yet. Whoever runs the clinic begins here, once, within 7 days:\n  ${first}\n`,
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
    fail(startProblem(error, value))
  }
}
