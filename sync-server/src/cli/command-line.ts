/** The words of a command line as the input of an operation. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { AnyOperation } from '../admin/operation.ts'
import { err, ok, type Result } from '../errors/result.ts'

/** Where a command gets what does not stand on its line. */
export interface CommandInput {
  /** Standard input, to its end. */
  readonly readInput: () => Promise<string>
  /** Rejects with the system's error. */
  readonly readFile: (path: string) => Promise<Uint8Array>
}

/** Fields that hold the id of an account, in the place of which an e-mail address may stand. */
export const ACCOUNT_FIELDS: readonly string[] = ['user', 'doctor']

/** Whether somebody is named by their e-mail address. */
export const isAddress = (field: string, value: unknown): value is string =>
  ACCOUNT_FIELDS.includes(field) && typeof value === 'string' && value.includes('@')

/** Fails with the way to call it. Rejects with the system's error for a file that cannot be read. */
export const readInputOf = async (
  operation: AnyOperation,
  args: readonly string[],
  { readInput, readFile }: CommandInput,
): Promise<Result<Record<string, unknown>, string>> => {
  const { arguments: named = [], standardInput, file } = operation.commandLine
  const words = readWords(operation, args)
  if (words === undefined) return err(`usage: ${usageOf(operation)}`)
  const input: Record<string, unknown> = { ...words.options }
  for (const [i, name] of named.entries()) {
    const text = words.positionals[i]
    if (text === undefined) continue
    input[name] = name === file ? Buffer.from(await readFile(text)).toString('base64') : text
  }
  // Nobody is asked for a password in vain.
  for (const [name, type] of Object.entries(operation.input.shape)) {
    const isLater = name === standardInput || isAddress(name, input[name])
    const read = isLater ? undefined : z.safeParse(type, input[name])
    if (read === undefined || read.success) continue
    const given = input[name] !== undefined
    const why = given ? `\n${name}: ${read.error.issues[0]?.message}` : ''
    return err(`usage: ${usageOf(operation)}${why}`)
  }
  if (standardInput !== undefined) input[standardInput] = (await readInput()).replace(/\r?\n$/, '')
  return ok(input)
}

/** As `create-user --email … --role doctor|patient [--specialty …]`. */
export const usageOf = (operation: AnyOperation): string => {
  const { arguments: named = [], standardInput } = operation.commandLine
  const fields = fieldsOf(operation)
  const options = fields
    .filter(({ name }) => !named.includes(name) && name !== standardInput)
    .map(({ name, shape, isOptional }) => {
      const text = shape === '' ? optionOf(name) : `${optionOf(name)} ${shape}`
      return isOptional ? `[${text}]` : text
    })
  const words = named.map((name) => {
    const isOptional = fields.find((field) => field.name === name)?.isOptional ?? false
    return isOptional ? `[${name}]` : `<${name}>`
  })
  return [operation.name, ...words, ...options].join(' ')
}

interface Words {
  readonly options: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
}

/** Undefined for an option that is not there: the caller shows those that are. */
const readWords = (operation: AnyOperation, args: readonly string[]): Words | undefined => {
  const { arguments: named = [], standardInput } = operation.commandLine
  const fields = fieldsOf(operation).filter(
    ({ name }) => !named.includes(name) && name !== standardInput,
  )
  const options = Object.fromEntries(
    fields.map(({ name, shape }) => [
      optionOf(name).slice(2),
      { type: shape === '' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: named.length > 0,
    })
    if (positionals.length > named.length) return undefined
    return {
      positionals,
      options: Object.fromEntries(
        fields.flatMap(({ name, isNumber }) => {
          const value = values[optionOf(name).slice(2)]
          if (value === undefined) return []
          return [[name, isNumber && value !== '' ? Number(value) : value]]
        }),
      ),
    }
  } catch {
    return undefined
  }
}

interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly isNumber: boolean
  /** What stands after the option; empty for one that is there or not. */
  readonly shape: string
}

const fieldsOf = ({ input }: AnyOperation): readonly Field[] =>
  Object.entries(input.shape).map(([name, type]) => {
    const bare = bareOf(type)
    return {
      name,
      isOptional: z.safeParse(type, undefined).success,
      isNumber: bare instanceof z.ZodNumber,
      shape: shapeOf(bare),
    }
  })

const bareOf = (type: unknown): unknown =>
  type instanceof z.ZodOptional || type instanceof z.ZodDefault ? bareOf(type.unwrap()) : type

const shapeOf = (type: unknown): string => {
  if (type instanceof z.ZodBoolean || type instanceof z.ZodLiteral) return ''
  if (type instanceof z.ZodEnum) return type.options.join('|')
  return '…'
}

const optionOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
