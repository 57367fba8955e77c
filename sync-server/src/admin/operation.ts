/**
 * What whoever runs the clinic can have done. One table of operations (`operations/table.ts`) serves the
 * command, the socket that the command speaks through, and `/api/admin/*`: each checks who asks in
 * its own way, and then does the same.
 */
import type { z } from 'zod'
import type { ErrorCode, Failure } from '../errors/catalogue.ts'
import { err, type Result } from '../errors/result.ts'
import type { AdminContext } from './context.ts'

/** Why an operation was not done. Nothing of it was then. */
export interface Refusal extends Failure {
  /** One line for whoever asked, when it can say more than the catalogue does. */
  readonly message?: string
}

export const refusal = (code: ErrorCode, message?: string) =>
  err<Refusal>({ code, ...(message !== undefined && { message }) })

/** How the input of an operation is given on a command line, where it is not `--an-option text`. */
export interface CommandLine {
  /** Fields that are arguments without a name, in this order. */
  readonly arguments?: readonly string[]
  /** The field that is read from standard input. */
  readonly standardInput?: string
  /** The field that is the content of the file that is named in its place, in base64. */
  readonly file?: string
}

/** The way to an operation over HTTP, where there is one. Who asks has to be an admin. */
export interface HttpWay {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /**
   * Under `/api/admin`, with the fields of the input that stand in it: `/people/{user}`. The others
   * are the query of a `get`, and the body of anything else.
   */
  readonly path: string
  /** What is answered, with its name in the OpenAPI document; undefined answers 204. */
  readonly output?: { readonly name: string; readonly schema: z.ZodType }
  /** What it refuses with, besides what everything under `/api/admin` may. */
  readonly errors?: readonly ErrorCode[]
}

export interface OperationOptions<Input extends z.ZodObject, Output> {
  /** As the command is called: words with hyphens. */
  readonly name: string
  /** One line, in the imperative. */
  readonly summary: string
  /** Fields of text, numbers and `true`; their descriptions are shown. */
  readonly input: Input
  readonly commandLine?: CommandLine
  readonly http?: HttpWay
  /** Checks nothing of who asks. Rejects with `StoreError`. */
  run(context: AdminContext, input: z.output<Input>): Promise<Result<Output, Refusal>>
  /** What the command prints. */
  print(output: Output): string
}

/** What was done: for programs, and as text to print. */
export interface Done {
  readonly value: unknown
  readonly text: string
}

export interface Operation<Input extends z.ZodObject = z.ZodObject, Output = unknown> {
  readonly name: string
  readonly summary: string
  readonly input: Input
  readonly commandLine: CommandLine
  readonly http?: HttpWay
  /** For those who know which one it is. */
  readonly run: OperationOptions<Input, Output>['run']
  /** For those who do not: fails with `bad-request` for an input that is none. */
  call(context: AdminContext, input: unknown): Promise<Result<Done, Refusal>>
}

/** A row of the table, whatever it takes and gives. */
export type AnyOperation = Omit<Operation, 'run'>

export const operation = <Input extends z.ZodObject, Output>(
  options: OperationOptions<Input, Output>,
): Operation<Input, Output> => ({
  name: options.name,
  summary: options.summary,
  input: options.input,
  commandLine: options.commandLine ?? {},
  ...(options.http && { http: options.http }),
  run: (context, input) => options.run(context, input),
  async call(context, input) {
    const read = options.input.safeParse(input)
    if (!read.success) return refusal('bad-request', problemOf(read.error))
    const done = await options.run(context, read.data)
    if (!done.ok) return done
    return { ok: true, value: { value: done.value, text: options.print(done.value) } }
  },
})

/** Of the first field that is wrong; its value may be a secret. */
const problemOf = (error: z.ZodError): string => {
  const [issue] = error.issues
  const field = issue?.path.join('.') ?? ''
  return field === '' ? (issue?.message ?? '') : `${field}: ${issue?.message}`
}
