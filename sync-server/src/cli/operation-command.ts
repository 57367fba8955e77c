import { readFile } from 'node:fs/promises'
import { openContext } from '../admin/open-context.ts'
import type { AnyOperation, Done, Refusal } from '../admin/operation.ts'
import { accountId, accountOf } from '../admin/operations/account-of.ts'
import { errorCatalogue } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { StoreError } from '../storage/store-error.ts'
import type { AdminInput } from './admin-command.ts'
import { ACCOUNT_FIELDS, isAddress, readInputOf } from './command-line.ts'
import { type Access, type AdminOutcome, withData } from './open-data.ts'

/** One of the table. */
export const runOperation = async (
  operation: AnyOperation,
  args: readonly string[],
  input: AdminInput,
): Promise<AdminOutcome> => {
  const read = await withReason(readInputOf(operation, args, { readFile, ...input }))
  if (!read.ok) return read
  return withData(input.env, async (access) => {
    const input = await withIds(access, read.value)
    const done = input.ok ? await perform(operation, access, input.value) : input
    return done.ok ? ok(done.value.text) : err(sayRefusal(done.error))
  })
}

/** With ids where somebody is named by their e-mail address. */
const withIds = async (
  access: Access,
  input: Record<string, unknown>,
): Promise<Result<Record<string, unknown>, Refusal>> => {
  const ids: Record<string, unknown> = {}
  for (const name of ACCOUNT_FIELDS) {
    const email = input[name]
    if (!isAddress(name, email)) continue
    const found = await perform(accountOf, access, { email })
    if (!found.ok) return found
    ids[name] = accountId.parse(found.value.value)
  }
  return ok({ ...input, ...ids })
}

/** Has the server do it, or does it. */
export const perform = async (
  operation: AnyOperation,
  access: Access,
  input: unknown,
): Promise<Result<Done, Refusal>> =>
  access.kind === 'running'
    ? access.server.call(operation.name, input)
    : operation.call(await openContext(access.store, access.config), input)

export const sayRefusal = ({ code, message }: Refusal): string =>
  message ?? errorCatalogue[code].meaning

/** What is wrong with a file, or with the disk under it, is for the operator to read. */
export const withReason = <T>(work: Promise<Result<T, string>>): Promise<Result<T, string>> =>
  work.catch((error: unknown) => {
    const isTold = error instanceof Error && 'code' in error && !(error instanceof StoreError)
    if (!isTold) throw error
    return err(error.message)
  })
