/** The table of admin operations, as far as they are served over HTTP. */
import { z } from 'zod'
import type { AnyOperation } from '../../admin/operation.ts'
import { auditExportQuery } from '../../admin/operations/audit-export-query.ts'
import { operations } from '../../admin/operations/table.ts'
import type { Operation, Parameter } from './operation.ts'

const described = (operation: AnyOperation): Operation[] => {
  const { http, name, summary, input } = operation
  if (http === undefined) return []
  const { method, path, output, errors = [] } = http
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, field = '']) => field)
  const others = Object.keys(input.shape).filter((field) => !inPath.includes(field))
  const parameters = [
    ...inPath.map((field) => parameterOf(input, field, 'path')),
    ...(method === 'get' ? others.map((field) => parameterOf(input, field, 'query')) : []),
  ]
  const body = z.strictObject(
    Object.fromEntries(others.map((field) => [field, input.shape[field]])),
  )
  const hasBody = method !== 'get' && others.length > 0
  return [
    {
      id: `admin${pascalCase(name)}`,
      method,
      path: `/api/admin${path}`,
      tag: 'Administration',
      summary: summary.replace(/^./, (letter) => letter.toUpperCase()),
      signedIn: true,
      parameters,
      ...(hasBody && {
        body: {
          name: `${pascalCase(name)}Request`,
          schema: body,
          required: !body.safeParse({}).success,
        },
      }),
      answers:
        output === undefined
          ? { 204: { description: 'It is done.' } }
          : { 200: { description: 'What there is now.', json: output } },
      errors: ['role-refused', 'too-many-requests', ...errors],
    },
  ]
}

const parameterOf = (input: z.ZodObject, field: string, place: 'path' | 'query'): Parameter => {
  const type = input.shape[field] as z.ZodType
  const { $schema: _, description, ...schema } = z.toJSONSchema(type, { io: 'input' })
  return {
    name: field,
    in: place,
    description: description ?? '',
    ...(!type.safeParse(undefined).success && { required: true }),
    schema,
  }
}

const camelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const pascalCase = (name: string): string => camelCase(`-${name}`)

/** The one that answers with a file. */
const exportAudit: Operation = {
  id: 'adminExportAudit',
  method: 'get',
  path: '/api/admin/audit/export',
  tag: 'Administration',
  summary: 'Take lines of the audit trail along as a file, newest first',
  signedIn: true,
  parameters: Object.keys(auditExportQuery.shape).map((field) =>
    parameterOf(auditExportQuery, field, 'query'),
  ),
  answers: {
    200: {
      description: 'CSV as RFC 4180 has it, or a list of JSON, as `format` asks.',
      type: '*/*',
    },
  },
  errors: ['role-refused', 'too-many-requests'],
}

const exportPerson: Operation = {
  id: 'adminExportPerson',
  method: 'get',
  path: '/api/admin/people/{user}/export',
  tag: 'Administration',
  summary: 'Take along what the clinic has of a person: their account, chats and files',
  signedIn: true,
  parameters: [
    {
      name: 'user',
      in: 'path',
      required: true,
      description: 'The id of an account.',
      schema: { type: 'string' },
    },
  ],
  answers: {
    200: {
      description:
        'A zip archive: `account.json`, and for each chat that they are in `chat.json`, `messages.json` (newest first) and the files.',
      type: 'application/zip',
    },
  },
  errors: ['role-refused', 'user-not-found', 'wrong-status', 'too-many-requests'],
}

export const adminOperations: readonly Operation[] = [
  ...operations.flatMap(described),
  exportAudit,
  exportPerson,
]
