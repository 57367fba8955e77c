import fc from 'fast-check'
import { encodeAny } from 'lib0/buffer'
import { expect, it } from 'vitest'
import { ByteReader } from '../update/byte-reader.ts'
import { EntryKind, MAX_BODY, readEntry } from './entry.ts'
import { ReadEntry, readLogValue } from './read-log-value.ts'

const number = fc.oneof(
  fc.nat(9),
  fc.constantFrom(0, -1, -0, 1.5, 0.5, 2 ** 31 - 1, 2 ** 31, 2 ** 40 - 1, 2 ** 40, 2 ** 53, 1e300),
)
const pairs = fc.array(number, { maxLength: 6 })
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: usual }, number, fc.constant(null))

/** Entries, and what is nearly one. */
const value = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.tuple(
      mostly(fc.constant(1)),
      mostly(fc.constantFrom(0, 7, 2 ** 40 - 1)),
      mostly(fc.integer({ min: 1, max: 9 })),
      mostly(
        fc.constantFrom(
          'device00',
          'device01',
          'd',
          'x'.repeat(32),
          'x'.repeat(33),
          '',
          'dévice00',
        ),
      ),
      mostly(fc.constantFrom(0, 1024, Date.UTC(2026, 10), 253402300800000)),
      mostly(fc.constantFrom(...Object.values(EntryKind), 9, 255, 256)),
      mostly(
        fc.oneof(
          fc.constant(null),
          pairs,
          fc.constant([7, 1, '2026-01']),
          fc.constant([7, 1, null, 5, [7, 2]]),
        ),
      ),
      mostly(fc.oneof(pairs, fc.constant([1, 2, 3, 4]), fc.constant([]))),
      mostly(
        fc.oneof(
          fc.uint8Array({ maxLength: 9 }),
          fc.constantFrom(new Uint8Array(MAX_BODY), new Uint8Array(MAX_BODY + 1)),
        ),
      ),
      mostly(
        fc.oneof(
          fc.constant(null),
          fc.uint8Array({ maxLength: 9 }),
          fc.constant(new Uint8Array(257)),
        ),
      ),
    ) as fc.Arbitrary<unknown>,
  },
  fc.array(number, { minLength: 9, maxLength: 11 }),
  number,
  fc.constantFrom(undefined, 'text', true),
)

/** Of a long body its length: comparing all of its bytes takes long. */
const brief = (one: unknown): unknown => {
  const body = (one as { body?: unknown } | undefined)?.body ?? (Array.isArray(one) ? one[8] : null)
  if (!(body instanceof Uint8Array) || body.length < 99) return one
  return Array.isArray(one) ? one.with(8, body.length) : { ...(one as object), body: body.length }
}

it('[ENTRY-1] reads an entry where readEntry does, as it does, and anything else as it is', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (values) => {
      for (const one of values) {
        const bytes = encodeAny(one as Parameters<typeof encodeAny>[0])
        const reader = new ByteReader(bytes)
        const read = readLogValue(reader, 8)
        expect(reader.pos).toBe(bytes.length)
        const entry = readEntry(one)
        if (entry === undefined) expect(brief(read)).toEqual(brief(one))
        else {
          expect(read).toBeInstanceOf(ReadEntry)
          expect(brief({ ...(read as ReadEntry) })).toEqual(brief({ ...entry, author: -1 }))
        }
      }
    }),
    { numRuns: 500 },
  )
})
