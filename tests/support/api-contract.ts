/** Holds answers of the HTTP interface against its OpenAPI document. */
import type { ApiDocument, ApiOperation } from '@wardline/sync-server/openapi/openapi'
import { createDocument } from '@wardline/sync-server/openapi/openapi'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

export interface Seen {
  readonly method: string
  /** With or without a query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  /** Parsed, if it was JSON. */
  readonly body: unknown
}

export interface Route {
  readonly path: string
  readonly method: string
  readonly operation: ApiOperation
}

export class ApiContract {
  readonly document: ApiDocument
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true })
  readonly #routes: { readonly pattern: RegExp; readonly path: string }[]
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: ApiDocument = createDocument()) {
    this.document = document
    this.#ajv.addSchema(closed({ ...document, $id: 'wardline' }) as object)
    this.#routes = Object.keys(document.paths)
      // An address with fewer parameters goes before one that has more.
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => ({ path, pattern: patternOf(path) }))
  }

  routes(): Route[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
  }

  /** What is wrong with an answer; undefined when nothing is. */
  problem({ method, path, status, headers, body }: Seen): string | undefined {
    const address = new URL(path, 'http://localhost').pathname
    const template = this.#routes.find(({ pattern }) => pattern.test(address))?.path
    if (
      isBeforeRouting(method, status, body) &&
      operationAt(this.document, template, method) === undefined
    )
      return undefined
    if (template === undefined)
      return status === 404 && codeOf(body) === 'not-found'
        ? undefined
        : `unknown address: ${status}`
    const asked = method.toLowerCase()
    const methods = this.document.paths[template] ?? {}
    const operation = operationAt(this.document, template, method)
    if (operation === undefined) {
      const refused = status === 405 && headers.get('allow') !== null
      return refused || asked === 'options' ? undefined : `${status} for a method that is not there`
    }
    const response = operation.responses[status]
    if (response === undefined) return `status ${status} is not documented: ${codeOf(body)}`
    if (asked === 'head') return undefined
    const documented = Object.keys(response.content ?? {})
    const type = headers.get('content-type')?.split(';')[0]
    if (documented.length === 0)
      return body === '' || body === undefined ? undefined : 'a body where none is documented'
    if (documented.includes('*/*')) return undefined
    if (type === undefined || !documented.includes(type)) return `media type ${type}`
    if (type !== 'application/json') return undefined
    const methodKey = methods[asked] === undefined ? 'get' : asked
    const pointer = ['paths', template, methodKey, 'responses', String(status)]
    const validate = this.#validator([...pointer, 'content', type, 'schema'])
    return validate(body) ? undefined : JSON.stringify(validate.errors)
  }

  /** A check of a schema in the document. */
  #validator(pointer: readonly string[]): ValidateFunction {
    const ref = `wardline#/${pointer.map(escaped).join('/')}`
    const validate = this.#validators.get(ref) ?? this.#ajv.compile({ $ref: ref })
    this.#validators.set(ref, validate)
    return validate
  }

  /** A check of one of the named schemas. */
  schema(name: string): ValidateFunction {
    return this.#validator(['components', 'schemas', name])
  }
}

/** HEAD is there where GET is. */
const operationAt = (
  { paths }: ApiDocument,
  template: string | undefined,
  method: string,
): ApiOperation | undefined => {
  const methods = template === undefined ? undefined : paths[template]
  const asked = method.toLowerCase()
  return methods?.[asked] ?? (asked === 'head' ? methods?.get : undefined)
}

/** What the server refuses before it looks at the address, and an address that cannot be read. */
const isBeforeRouting = (method: string, status: number, body: unknown): boolean =>
  method === 'HEAD'
    ? status === 400 || status === 403
    : status < 500 && early.includes(String(codeOf(body)))
const early = [
  'bad-request',
  'origin-refused',
  'bad-json',
  'body-too-large',
  'unsupported-media-type',
]

const escaped = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

const patternOf = (path: string): RegExp => {
  const parts = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]+')}/?$`)
}

const codeOf = (body: unknown): unknown => (body as { error?: { code?: unknown } })?.error?.code

/** Nothing but what is documented: clients have to expect more, the server must not send it. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]))
  const isOpen = copy.type === 'object' && 'properties' in copy && !('additionalProperties' in copy)
  return isOpen ? { ...copy, additionalProperties: false } : copy
}
