/** Values of a JSON Schema, and values that are almost of it. */
import type { Random } from './random.ts'

type Schema = Readonly<Record<string, unknown>>

/** @param texts what strings with such a pattern may be */
export class RandomJson {
  readonly #random: Random
  readonly #schemas: Readonly<Record<string, object>>
  readonly #texts: (pattern: string | undefined) => readonly string[]

  constructor(
    random: Random,
    schemas: Readonly<Record<string, object>>,
    texts: (pattern: string | undefined) => readonly string[],
  ) {
    this.#random = random
    this.#schemas = schemas
    this.#texts = texts
  }

  valid(raw: object): unknown {
    const schema = raw as Schema
    const random = this.#random
    if (typeof schema.$ref === 'string')
      return this.valid(this.#schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
    if (Array.isArray(schema.anyOf)) return this.valid(random.pick(schema.anyOf))
    if (Array.isArray(schema.enum)) return random.pick(schema.enum)
    if ('const' in schema) return schema.const
    switch (schema.type) {
      case 'object': {
        const required = (schema.required ?? []) as string[]
        return Object.fromEntries(
          Object.entries((schema.properties ?? {}) as Record<string, object>)
            .filter(([name]) => required.includes(name) || random.chance(0.5))
            .map(([name, part]) => [name, this.valid(part)]),
        )
      }
      case 'array':
        return Array.from({ length: random.below(4) }, () => this.valid(schema.items as object))
      case 'integer':
      case 'number': {
        const low = Number(schema.minimum ?? -1000)
        return low + random.below(Math.min(Number(schema.maximum ?? 1000), low + 10_000) - low + 1)
      }
      case 'boolean':
        return random.chance(0.5)
      case 'string':
        return this.#text(schema)
      default:
        return null
    }
  }

  /** Something else than what the schema allows, or something odd that it does. */
  broken(schema: object): unknown {
    const random = this.#random
    const value = this.valid(schema)
    if (typeof value !== 'object' || value === null || random.chance(0.25)) return this.#odd()
    const entries = Object.entries(value)
    const [name] = entries.length === 0 ? ['none'] : random.pick(entries)
    const { [name]: _, ...rest } = value as Record<string, unknown>
    return random.chance(0.3) ? rest : { ...rest, [name]: this.#odd() }
  }

  #text(schema: Schema): string {
    const random = this.#random
    const pattern = typeof schema.pattern === 'string' ? schema.pattern : undefined
    const texts = this.#texts(pattern)
    if (texts.length > 0 && (pattern !== undefined || random.chance(0.5))) return random.pick(texts)
    const low = Number(schema.minLength ?? 0)
    const length =
      low + random.below(Math.max(1, Math.min(200, Number(schema.maxLength ?? 200)) - low))
    const letters = 'abc ÄÖ😀\n"\\<>&\u0000\u202e'
    return Array.from({ length }, () => random.pick([...letters]))
      .join('')
      .slice(0, Number(schema.maxLength ?? 200))
      .replace(/\p{Surrogate}/gu, '')
      .padEnd(low, 'x')
      .replace(/^\s*$/u, (blank) => (pattern === undefined ? blank : `x${blank.slice(1)}`))
  }

  #odd(): unknown {
    const random = this.#random
    return random.pick<unknown>([
      null,
      true,
      -1,
      1e308,
      '',
      '\ud800',
      'x'.repeat(random.pick([300, 17_000, 70_000])),
      [],
      [null],
      {},
      { text: { text: 'x' } },
      { constructor: 1, toString: null },
      JSON.parse('{"__proto__": {"text": "x"}}'),
      '../../etc/passwd',
      '%00',
    ])
  }
}
