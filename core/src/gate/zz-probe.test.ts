import { it } from 'vitest'
import * as Y from 'yjs'
import { clientIdOf } from '../ids/client-id.ts'
import { A1, A2, ALICE, B1, entry, type ForgedDeletes, forge, NOW, Server } from './gate-fixture.ts'

const at = (client: number, clock: number) => ({ client, clock })
const timed = (name: string, f: () => unknown) => {
  const t = Date.now()
  const r = f() as { kind?: string; code?: string }
  console.log(name, Date.now() - t, 'ms', r?.kind, r?.code)
  return r
}
it('probe', { timeout: 600000 }, () => {
  const small = (c: number, n: number) => entry(c, n, { 8: new Uint8Array([0]) })
  for (const N of [5000, 20000]) {
    // interleaved chain + late origins
    const structs = []
    let clock = 0
    for (let i = 0; i < N; i++) {
      structs.push(
        i === 0
          ? { values: [small(A1, 1)] }
          : { origin: at(A1, clock - 2), values: [small(A1, i + 1)] },
      )
      clock++
      structs.push({ parent: 'state:1', key: `d/33/${i + 1}`, values: [NOW] })
      clock++
    }
    const high = {
      client: A2,
      clock: 0,
      structs: Array.from({ length: Math.min(N, 2000) }, (_, i) => ({
        origin: at(A1, 0),
        values: [small(A2, i + 1)],
      })),
    }
    const bytes = forge([{ client: A1, clock: 0, structs }, high])
    const s = new Server()
    const v = timed(
      `chain ${N} + ${high.structs.length} early origins, ${bytes.length} B: gate`,
      () => s.check(bytes, ALICE),
    )
    if (v.kind === 'accept')
      timed('  yjs apply', () => Y.applyUpdate(new Y.Doc(), (v as { update: Uint8Array }).update))
  }
  {
    // many clients chain
    const many = Array.from({ length: 19000 }, (_, i) => clientIdOf(ALICE, 1000 + i))
    const blocks = many.map((client, i) => ({
      client,
      clock: 0,
      structs: [{ origin: at(many[i + 1] ?? A1, 0), values: [small(client, 1)] }],
    }))
    const s = new Server()
    s.send(forge([{ client: A1, clock: 0, structs: [{ values: [small(A1, 1)] }] }]), ALICE)
    const v = timed('19000 clients chain gate', () => s.check(forge(blocks), ALICE))
    if (v.kind === 'accept')
      timed('  yjs apply', () => Y.applyUpdate(s.doc, (v as { update: Uint8Array }).update))
    const w = timed('same reversed', () => s.check(forge([...blocks].reverse()), ALICE))
    const flat = many.map((client) => ({
      client,
      clock: 0,
      structs: [{ values: [small(client, 1)] }],
    }))
    const s2 = new Server()
    timed('19000 clients one by one, ascending, no origin (gate+apply)', () => {
      for (const b of flat) s2.send(forge([b]), ALICE)
    })
  }
  {
    // deletes, index with many runs
    const s = new Server()
    const structs = []
    for (let i = 0; i < 90000; i++)
      structs.push(
        i % 2
          ? { parent: 'state:1', key: `d/33/${i}`, values: [NOW] }
          : i === 0
            ? { values: [small(A1, 1)] }
            : { origin: at(A1, i - 2), values: [small(A1, i / 2 + 1)] },
      )
    timed('90000 interleaved gate', () => {
      const v = s.check(forge([{ client: A1, clock: 0, structs }]), ALICE)
      if (v.kind === 'accept') v.advance()
      return v
    })
    const d: ForgedDeletes = [
      A1,
      ...Array.from({ length: 45000 }, (_, i): [number, number] => [2 * i, 1]),
    ]
    timed('45000 own deletes', () => s.check(forge([], [d]), ALICE))
    const e: ForgedDeletes = [
      A1,
      ...Array.from({ length: 45000 }, (_, i): [number, number] => [2 * i + 1, 1]),
    ]
    timed('45000 receipt deletes', () => s.check(forge([], [e]), ALICE))
    timed('45000 foreign deletes', () => s.check(forge([], [d]), 2))
    timed('own all', () => s.check(forge([], [[A1, [0, 90000]]]), ALICE))
    const v = s.check(forge([], [d]), ALICE)
    if (v.kind === 'accept') timed('advance', () => v.advance())
    timed('warm one message', () =>
      s.check(
        forge([
          {
            client: A1,
            clock: 90000,
            structs: [{ origin: at(A1, 89998), values: [small(A1, 45001)] }],
          },
        ]),
        ALICE,
      ),
    )
  }
  {
    // scattered overwrites
    const n = 60000
    const structs: object[] = Array.from({ length: n }, (_, i) => ({
      parent: 'state:1',
      key: `d/33/${i + 1}`,
      values: [NOW],
    }))
    for (let i = 0; i < n; i++) structs.push({ origin: at(A1, (i * 7919) % n), values: [NOW] })
    const s = new Server()
    const v = timed('scattered overwrites', () =>
      s.check(forge([{ client: A1, clock: 0, structs: structs as never }]), ALICE),
    ) as never as { kind: string; advance(): void }
    if (v.kind === 'accept') timed('advance', () => v.advance())
  }
})
