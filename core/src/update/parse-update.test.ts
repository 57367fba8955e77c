import { createEncoder, toUint8Array, writeAny } from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf } from '../base/client-id.ts'
import { forge } from './forge-fixture.ts'
import { CLIENT_LIMITS, type ParseLimits } from './parse-limits.ts'
import { type BlockMode, parseUpdate } from './parse-update.ts'

const A1 = clientIdOf(1, 11)
const A2 = clientIdOf(1, 22)
/** A value with something of each kind, as entries are. */
const entry = (n: number) => [
  1,
  11,
  n,
  'device01',
  1_716_206_400_000,
  0,
  null,
  [],
  new Uint8Array([0, n]),
  null,
]

const parse = (bytes: Uint8Array, mode: BlockMode = 'strict', limits: Partial<ParseLimits> = {}) =>
  parseUpdate(bytes, () => mode, { ...CLIENT_LIMITS, ...limits })

const codeOf = (bytes: Uint8Array, mode?: BlockMode, limits?: Partial<ParseLimits>) => {
  const result = parse(bytes, mode, limits)
  return result.ok ? 'ok' : result.code
}

const one = (struct: Parameters<typeof forge>[0][number]['structs'][number]) =>
  forge([{ client: A1, clock: 0, structs: [struct] }])

/** One log element whose encoded value is given as bytes. */
const withValue = (...bytes: number[]) => one({ raw: new Uint8Array([1, ...bytes]) })

const encodedAny = (value: unknown): number[] => {
  const encoder = createEncoder()
  writeAny(encoder, value as null)
  return [...toUint8Array(encoder)]
}

/** A document with every content that Yjs 13 writes. */
const richDoc = (): Y.Doc => {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = A1
  const text = doc.getText('text')
  text.insert(0, 'grüße 🙂')
  text.format(0, 3, { bold: true })
  text.insertEmbed(2, { image: 'x' })
  text.delete(1, 1)
  const map = doc.getMap('map')
  map.set('nested', new Y.Map([['a', new Y.Array()]]))
  map.set('bytes', new Uint8Array([1, 2, 3]))
  map.set('sub', new Y.Doc({ guid: 'sub' }))
  map.set('value', { a: [1, -1, 2 ** 40, 1.5, null, true, 'x', undefined] })
  const xml = doc.getXmlFragment('xml')
  xml.push([new Y.XmlElement('p'), new Y.XmlText('t'), new Y.XmlHook('h') as unknown as Y.XmlText])
  doc.getArray('array').push([1, 'two', new Uint8Array([3])])
  map.delete('nested')
  return doc
}

describe('parseUpdate', () => {
  it('reads what Yjs reads, for every content', () => {
    const doc = richDoc()
    for (const gc of [false, true]) {
      const source = new Y.Doc({ gc })
      Y.applyUpdate(source, Y.encodeStateAsUpdate(doc))
      const bytes = Y.encodeStateAsUpdate(source)
      const { structs, ds } = Y.decodeUpdate(bytes)
      const parsed = parse(bytes, 'outline')
      if (!parsed.ok) throw new Error(parsed.message)
      expect(parsed.blocks.flatMap((block) => block.structs)).toMatchObject(
        structs.map((struct) => ({
          clock: struct.id.clock,
          len: struct.length,
          origin: struct instanceof Y.Item ? struct.origin : null,
          key: struct instanceof Y.Item ? struct.parentSub : null,
        })),
      )
      expect(parsed.deletes).toEqual(
        [...ds.clients].flatMap(([client, items]) =>
          items.map(({ clock, len }) => ({ client, clock, len })),
        ),
      )
      const spans = parse(bytes, 'span')
      expect(spans.ok && spans.blocks[0]).toMatchObject({
        clock: 0,
        end: structs.at(-1)!.id.clock + structs.at(-1)!.length,
        structs: [],
      })
    }
  })

  it('reads every kind of value that lib0 writes', () => {
    const values = [
      null,
      true,
      false,
      0,
      -0,
      1,
      -1,
      63,
      64,
      -64,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 33),
      1.5,
      0.1,
      2n ** 62n,
      '',
      'x',
      'grüße 🙂',
      'y'.repeat(300),
      '\ufeffbom',
      [],
      [[1], [2, [3]]],
      {},
      { a: { b: 1 } },
      new Uint8Array([1, 2]),
      entry(1),
    ]
    const parsed = parse(one({ values }))
    expect(parsed.ok && parsed.blocks[0]?.structs[0]?.values).toEqual(values)
    const skipped = parse(one({ values }), 'outline')
    expect(skipped.ok && skipped.blocks[0]?.end).toBe(values.length)
  })

  it('reads an update without anything', () => {
    expect(parse(new Uint8Array([0, 0]))).toEqual({ ok: true, blocks: [], deletes: [] })
  })

  it('[GATE-1] refuses empty frames, trailing bytes and every truncation', () => {
    expect(codeOf(new Uint8Array())).toBe('MALFORMED')
    expect(codeOf(new Uint8Array([0, 0, 0]))).toBe('MALFORMED')
    const strict = forge(
      [{ client: A1, clock: 0, structs: [{ values: [entry(1), { a: [1.5, 0.1, 'x'] }] }] }],
      [[A1, [0, 1]]],
    )
    const rich = Y.encodeStateAsUpdate(richDoc())
    expect(codeOf(strict)).toBe('ok')
    for (const mode of ['strict', 'outline', 'span'] as const)
      for (let end = 0; end < strict.length; end++)
        expect(codeOf(strict.subarray(0, end), mode)).toBe('MALFORMED')
    for (let end = 0; end < rich.length; end++)
      expect(codeOf(rich.subarray(0, end), 'outline')).toBe('MALFORMED')
  })

  it('does not read past a view into a larger buffer', () => {
    const whole = one({ values: ['abc'] })
    const buffer = new Uint8Array(whole.length + 20).fill(1)
    buffer.set(whole, 10)
    expect(codeOf(buffer.subarray(10, 10 + whole.length))).toBe('ok')
    expect(codeOf(buffer.subarray(10, 9 + whole.length))).toBe('MALFORMED')
  })

  it('[GATE-1] refuses V2', () => {
    const doc = richDoc()
    expect(codeOf(Y.encodeStateAsUpdateV2(doc), 'outline')).not.toBe('ok')
    expect(codeOf(Y.encodeStateAsUpdateV2(new Y.Doc()))).toBe('MALFORMED')
  })

  it('a claim of millions costs no more than its bytes', () => {
    const million = [0xc0, 0x84, 0x3d]
    expect(codeOf(new Uint8Array(million))).toBe('TOO_LARGE')
    expect(codeOf(new Uint8Array([1, ...million, 1, 0]))).toBe('TOO_LARGE')
    expect(codeOf(one({ raw: new Uint8Array(million) }))).not.toBe('ok')
    expect(codeOf(withValue(117, ...million))).toBe('MALFORMED')
    expect(codeOf(withValue(118, ...million))).toBe('MALFORMED')
    expect(codeOf(withValue(119, ...million))).toBe('MALFORMED')
    expect(codeOf(new Uint8Array([0, 1, 1, ...million]))).toBe('TOO_LARGE')
  })

  it('[GATE-1] refuses a client given twice, in structs and in deletes', () => {
    const block = { client: A1, clock: 0, structs: [{ values: [1] }] }
    const other = { ...block, client: A2 }
    expect(codeOf(forge([block, other]))).toBe('ok')
    expect(codeOf(forge([block, other, block]))).toBe('MALFORMED')
    expect(
      codeOf(
        forge(
          [],
          [
            [A1, [0, 1]],
            [A2, [0, 1]],
          ],
        ),
      ),
    ).toBe('ok')
    expect(
      codeOf(
        forge(
          [],
          [
            [A1, [0, 1]],
            [A1, [3, 1]],
          ],
        ),
      ),
    ).toBe('MALFORMED')
  })

  it('refuses blocks, structs and ranges of no clocks', () => {
    expect(codeOf(forge([{ client: A1, clock: 0, structs: [] }]))).toBe('MALFORMED')
    expect(codeOf(one({ values: [] }))).toBe('MALFORMED')
    expect(codeOf(one({ ref: 1, len: 0 }))).toBe('MALFORMED')
    expect(codeOf(one({ ref: 0, len: 0 }), 'span')).toBe('MALFORMED')
    expect(codeOf(forge([], [[A1]]))).toBe('MALFORMED')
    expect(codeOf(forge([], [[A1, [3, 0]]]))).toBe('MALFORMED')
  })

  it('refuses deletes that overlap or go back', () => {
    expect(codeOf(forge([], [[A1, [0, 2], [2, 1], [5, 1]]]))).toBe('ok')
    expect(codeOf(forge([], [[A1, [0, 2], [1, 2]]]))).toBe('MALFORMED')
    expect(codeOf(forge([], [[A1, [5, 1], [0, 1]]]))).toBe('MALFORMED')
  })

  it('[LIMIT-8] refuses clocks past 2^31', () => {
    expect(codeOf(forge([{ client: A1, clock: 2 ** 31 - 1, structs: [{ values: [1] }] }]))).toBe(
      'ok',
    )
    expect(codeOf(forge([{ client: A1, clock: 2 ** 31, structs: [{ values: [1] }] }]))).toBe(
      'TOO_LARGE',
    )
    expect(codeOf(one({ ref: 1, len: 2 ** 31 + 1 }))).toBe('TOO_LARGE')
    expect(codeOf(forge([], [[A1, [1, 2 ** 31]]]))).toBe('TOO_LARGE')
    expect(codeOf(forge([], [[A1, [1, 2 ** 53 - 1]]]))).toBe('TOO_LARGE')
  })

  it('refuses numbers past 2^53 and padded ones', () => {
    const past = [255, 255, 255, 255, 255, 255, 255, 31]
    expect(codeOf(new Uint8Array([1, 1, ...past, 0]))).toBe('MALFORMED')
    expect(codeOf(new Uint8Array([0x80, 0, 0]))).toBe('MALFORMED')
    expect(codeOf(new Uint8Array([0, 0x80, 0]))).toBe('MALFORMED')
    expect(codeOf(withValue(125, 0x80, 0))).toBe('MALFORMED')
    expect(codeOf(withValue(125, ...past, 1))).toBe('MALFORMED')
  })

  it('strict: refuses whatever a lane may not hold', () => {
    const id = { client: A1, clock: 0 }
    expect(codeOf(one({ rightOrigin: id, values: [1] }))).toBe('GRAMMAR')
    expect(codeOf(one({ origin: id, rightOrigin: id, values: [1] }))).toBe('GRAMMAR')
    expect(codeOf(one({ parent: id, values: [1] }))).toBe('GRAMMAR')
    for (const ref of [0, 2, 4, 5, 6, 7, 9, 10, 11, 31])
      expect(codeOf(one({ ref, len: 1 }))).toBe('GRAMMAR')
    expect(codeOf(one({ ref: 3, raw: new Uint8Array([2, 1, 2]) }))).toBe('ok')
    expect(codeOf(one({ ref: 1, len: 3 }))).toBe('ok')
  })

  it('outline: refuses unknown contents, types, parents, and flags without content', () => {
    for (const ref of [11, 17, 31]) expect(codeOf(one({ ref }), 'outline')).toBe('MALFORMED')
    expect(codeOf(one({ ref: 7, len: 7 }), 'outline')).toBe('MALFORMED')
    expect(codeOf(one({ ref: 0, flags: 64 }), 'outline')).toBe('MALFORMED')
    expect(codeOf(one({ ref: 10, flags: 32 }), 'span')).toBe('MALFORMED')
    const bytes = Y.encodeStateAsUpdate(richDoc())
    expect(codeOf(bytes, 'outline')).toBe('ok')
    expect(codeOf(new Uint8Array([1, 1, 1, 0, 8, 2, 1, 97, 1, 126, 0]), 'span')).toBe('MALFORMED')
  })

  it('[GATE-7] refuses keys that reach a prototype, at any depth, and keys given twice', () => {
    const text = (s: string) => [s.length, ...[...s].map((c) => c.charCodeAt(0))]
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const object = [118, 1, ...text(key), 126]
      expect(codeOf(withValue(...object))).toBe('GRAMMAR')
      expect(codeOf(withValue(117, 2, 126, ...object))).toBe('GRAMMAR')
      expect(codeOf(withValue(118, 1, ...text('a'), ...object))).toBe('GRAMMAR')
    }
    expect(codeOf(withValue(118, 2, ...text('a'), 126, ...text('a'), 126))).toBe('GRAMMAR')
  })

  it('refuses text that is not UTF-8 and unknown values', () => {
    expect(codeOf(withValue(119, 2, 0xc3, 0x28))).toBe('MALFORMED')
    expect(codeOf(withValue(119, 60, ...new Array(60).fill(0xff)))).toBe('MALFORMED')
    expect(codeOf(withValue(128))).toBe('MALFORMED')
    expect(codeOf(withValue(115))).toBe('MALFORMED')
    expect(codeOf(withValue(128), 'outline')).toBe('MALFORMED')
  })

  it('bounds depth, size and counts', () => {
    let deep: unknown = 1
    for (let i = 0; i < 8; i++) deep = [deep]
    expect(codeOf(one({ values: [deep] }))).toBe('ok')
    expect(codeOf(one({ values: [[deep]] }))).toBe('TOO_LARGE')
    const nested = new Array<number>(20_000).fill(117).flatMap((tag) => [tag, 1])
    expect(codeOf(withValue(...nested))).toBe('TOO_LARGE')
    expect(codeOf(withValue(...nested), 'outline')).toBe('TOO_LARGE')
    const values = [1, 2, 3]
    expect(codeOf(one({ values }), 'strict', { values: 2 })).toBe('TOO_LARGE')
    expect(codeOf(one({ values: ['x'.repeat(50)] }), 'strict', { valueBytes: 40 })).toBe(
      'TOO_LARGE',
    )
    expect(codeOf(one({ values }), 'strict', { bytes: 10 })).toBe('TOO_LARGE')
    const blocks = [A1, A2].map((client) => ({ client, clock: 0, structs: [{ values: [1] }] }))
    expect(codeOf(forge(blocks), 'strict', { clients: 1 })).toBe('TOO_LARGE')
    expect(codeOf(forge(blocks), 'strict', { structs: 1 })).toBe('TOO_LARGE')
    const deletes = forge([], [[A1, [0, 1], [2, 1]]])
    expect(codeOf(deletes, 'strict', { deletes: 1 })).toBe('TOO_LARGE')
    expect(encodedAny(deep).length).toBeLessThan(40)
  })

  it('random bytes never make it throw', () => {
    let seed = 1
    for (let i = 0; i < 20_000; i++) {
      const bytes = new Uint8Array(1 + (i % 40))
      for (let j = 0; j < bytes.length; j++) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
        bytes[j] = j < 2 ? seed >>> 30 : seed >>> 24
      }
      for (const mode of ['strict', 'outline', 'span'] as const) parse(bytes, mode)
    }
  })
})
