/** The OpenAPI 3.1 document of the HTTP interface, from the schemas that check it. */
import { z } from 'zod'
import { chatSchema, listedChatSchema, patientSchema, personSchema } from '../api/chat-schemas.ts'
import { type ErrorCode, errorCatalogue } from '../errors/catalogue.ts'
import {
  attachmentSchema,
  lastMessageSchema,
  messageSchema,
  receiptSchema,
} from '../folds/message-schema.ts'
import { adminOperations } from './operations/admin.ts'
import { authOperations } from './operations/auth.ts'
import { chatOperations } from './operations/chats.ts'
import { clinicOperations } from './operations/clinic.ts'
import { deviceOperations } from './operations/devices.ts'
import { fileOperations } from './operations/files.ts'
import { identityOperations } from './operations/identity.ts'
import { linkOperations } from './operations/links.ts'
import { messageOperations } from './operations/messages.ts'
import {
  type Answer,
  errorsOf,
  type NamedSchema,
  type Operation,
  type Parameter,
} from './operations/operation.ts'
import { passkeyOperations } from './operations/passkeys.ts'
import { patientDeviceOperations } from './operations/patient-devices.ts'
import { peopleOperations } from './operations/people.ts'
import { pushOperations } from './operations/push.ts'
import { serviceOperations } from './operations/service.ts'

/** Every operation there is. */
export const operations: readonly Operation[] = [
  ...authOperations,
  ...identityOperations,
  ...deviceOperations,
  ...passkeyOperations,
  ...linkOperations,
  ...chatOperations,
  ...messageOperations,
  ...peopleOperations,
  ...patientDeviceOperations,
  ...fileOperations,
  ...pushOperations,
  ...clinicOperations,
  ...adminOperations,
  ...serviceOperations,
]

/** Parts that several answers share. */
const shared: readonly NamedSchema[] = [
  { name: 'Message', schema: messageSchema },
  { name: 'LastMessage', schema: lastMessageSchema },
  { name: 'Attachment', schema: attachmentSchema },
  { name: 'Receipt', schema: receiptSchema },
  { name: 'Chat', schema: chatSchema },
  { name: 'ListedChat', schema: listedChatSchema },
  { name: 'Person', schema: personSchema },
  { name: 'Patient', schema: patientSchema },
]

export interface ApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    readonly securitySchemes: object
  }
}

export interface ApiOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly security: readonly object[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, ApiResponse>>
}

export interface ApiResponse {
  readonly description: string
  readonly headers?: object
  readonly content?: Content
}

export type Content = Readonly<Record<string, { readonly schema: object }>>

export const createDocument = (): ApiDocument => {
  const paths: Record<string, Record<string, ApiOperation>> = {}
  for (const operation of operations) {
    const path = paths[operation.path] ?? {}
    paths[operation.path] = path
    path[operation.method] = describe(operation)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Wardline', version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  }
}

const DESCRIPTION =
  'Chats between patients and doctors. Times are milliseconds since 1970 (UTC). Every error is {error: {code, message}}: act on the code. An address that is there answers other methods with 405 and an Allow header, one that is not with 404. Fields may be added; ignore those you do not know.'

const schemas = (): Record<string, object> => {
  const registry = z.registry<{ id: string }>()
  const named = [...shared, ...operations.flatMap(namedIn)]
  for (const { name, schema } of named)
    if (!registry.has(schema)) registry.add(schema, { id: name })
  const made = z.toJSONSchema(registry, { io: 'input', uri: refTo })
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [
      name,
      schema,
    ]),
  )
}

const namedIn = ({ body, answers }: Operation): NamedSchema[] => [
  ...(body === undefined ? [] : [body]),
  ...Object.values(answers).flatMap(({ json }) => (json === undefined ? [] : [json])),
]

const refTo = (name: string): string => `#/components/schemas/${name}`
const json = (schema: object): Content => ({ 'application/json': { schema } })

const describe = (operation: Operation): ApiOperation => {
  const { id, tag, summary, description, signedIn, parameters = [], body, rawBody } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: signedIn ? [{ accessToken: [] }] : [],
    parameters,
    ...(body !== undefined && {
      requestBody: { required: body.required, content: json({ $ref: refTo(body.name) }) },
    }),
    ...(rawBody !== undefined && {
      requestBody: { required: true, content: { [rawBody]: { schema: {} } } },
    }),
    responses: { ...answersOf(operation), ...failuresOf(operation) },
  }
}

const answersOf = ({ answers }: Operation): Record<string, ApiResponse> =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]))

const answerOf = ({ description, json: named, type, headers }: Answer): ApiResponse => ({
  description,
  ...(headers !== undefined && { headers: headersOf(headers) }),
  ...(named !== undefined && { content: json({ $ref: refTo(named.name) }) }),
  ...(type !== undefined && { content: { [type]: { schema: {} } } }),
})

const headersOf = (headers: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  )

/** One answer for each status, with the codes that it may carry. */
const failuresOf = (operation: Operation): Record<string, ApiResponse> => {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorsOf(operation)) {
    const { status } = errorCatalogue[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [String(status), failureOf(status, codes)]),
  )
}

const failureOf = (status: number, codes: readonly ErrorCode[]): ApiResponse => ({
  description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].meaning}`).join(' '),
  ...((status === 429 || status === 503) && {
    headers: headersOf({ 'Retry-After': 'Seconds until another attempt makes sense.' }),
  }),
  content: json({
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { enum: codes }, message: { type: 'string' } },
      },
    },
  }),
})
