/** What `admin.ts` does, apart from the process around it. */
import { operationNamed, operations } from '../admin/operations/table.ts'
import type { Environment } from '../config/config.ts'
import { err } from '../errors/result.ts'
import { usageOf } from './command-line.ts'
import { maintenance } from './maintenance.ts'
import type { AdminOutcome } from './open-data.ts'
import { runOperation } from './operation-command.ts'

export type { AdminOutcome } from './open-data.ts'

export interface AdminInput {
  /** Without the program's own name. */
  readonly args: readonly string[]
  readonly env: Environment
  /** Standard input, to its end. */
  readonly readInput: () => Promise<string>
}

/** Runs one command. Only broken invariants throw. */
export const runAdmin = async (input: AdminInput): Promise<AdminOutcome> => {
  const [command = '', ...args] = input.args
  const whole = Object.hasOwn(maintenance, command) ? maintenance[command] : undefined
  const outcome = await whole?.run(args, input.env)
  if (outcome !== undefined) return outcome
  const operation = operationNamed(command)
  if (operation !== undefined) return runOperation(operation, args, input)
  return err(whole === undefined ? USAGE : `usage: ${whole.usage}`)
}

const lineOf = (usage: string, summary: string): string => `  ${usage}\n      ${summary}`

const USAGE = `usage: admin.js <command>

People and what they have; the server may run:
${operations.map((each) => lineOf(usageOf(each), each.summary)).join('\n')}

The data as a whole; for backup and doctor the server may run, for the others it must not:
${Object.values(maintenance)
  .map(({ usage, summary }) => lineOf(usage, summary))
  .join('\n')}

<user> is an id, or an e-mail address.
DATA_DIR names the data directory that the server uses; each command says which one it worked on.`
