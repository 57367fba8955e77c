/** A large update as several small ones, so that no bound on one value or message bounds a page. */

import { walkInOrder } from '../update/causal-walk.ts'
import { STORED_LIMITS } from '../update/parse-limits.ts'
import { parseUpdate } from '../update/parse-update.ts'
import { plainOf } from '../update/plain-struct.ts'
import type { ClockRange, PlainBlock, PlainContent, PlainStruct } from '../update/struct.ts'
import { writeUpdate } from '../update/write-update.ts'

/** What a part of a document weighs at most, in bytes, unless a single value is larger. */
export const PART_BYTES = 4 * 1024 * 1024

/** About what a struct weighs besides its values. */
const STRUCT_BYTES = 40

/**
 * Updates that together hold the same as this one, which is a document from its start, and that can
 * be applied in this order: each builds on those before it alone. One that is small enough, or that
 * holds what is in no lane, stays as it is.
 *
 * @param bytes about what a part may weigh
 */
export const splitUpdate = (update: Uint8Array, bytes = PART_BYTES): readonly Uint8Array[] => {
  if (update.length <= bytes) return [update]
  const parsed = parseUpdate(update, () => 'strict', STORED_LIMITS)
  if (!parsed.ok) return [update]
  const parts = new Parts(bytes)
  const next = new Map<number, number>()
  const problem = walkInOrder(
    parsed.blocks,
    (client) => next.get(client) ?? 0,
    (client, struct) => {
      parts.add(client, struct.clock, plainOf(struct))
      next.set(client, struct.clock + struct.len)
    },
  )
  return problem === undefined ? parts.end(parsed.deletes) : [update]
}

class Parts {
  readonly #limit: number
  readonly #done: Uint8Array[] = []
  #blocks = new Map<number, PlainBlock & { readonly structs: PlainStruct[] }>()
  #bytes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(client: number, clock: number, struct: PlainStruct): void {
    const { content } = struct
    if (content.kind !== 'any') return this.#put(client, clock, struct, sizeOf(content))
    let from = 0
    let bytes = 0
    for (const [i, value] of content.values.entries()) {
      bytes += sizeOfValue(value)
      const last = i === content.values.length - 1
      if (!last && this.#bytes + bytes < this.#limit) continue
      const values = content.values.slice(from, i + 1)
      const origin = from === 0 ? struct.origin : { client, clock: clock + from - 1 }
      this.#put(
        client,
        clock + from,
        { ...struct, origin, content: { kind: 'any', values } },
        bytes,
      )
      from = i + 1
      bytes = 0
    }
  }

  end(deletes: readonly ClockRange[]): readonly Uint8Array[] {
    this.#close(deletes)
    return this.#done
  }

  #put(client: number, clock: number, struct: PlainStruct, bytes: number): void {
    const block = this.#blocks.get(client)
    if (block === undefined) this.#blocks.set(client, { client, clock, structs: [struct] })
    else block.structs.push(struct)
    this.#bytes += bytes + STRUCT_BYTES
    if (this.#bytes >= this.#limit) this.#close([])
  }

  #close(deletes: readonly ClockRange[]): void {
    if (this.#blocks.size === 0 && deletes.length === 0) return
    this.#done.push(writeUpdate({ blocks: [...this.#blocks.values()], deletes }))
    this.#blocks = new Map()
    this.#bytes = 0
  }
}

const sizeOf = (content: PlainContent): number =>
  content.kind === 'binary' ? content.bytes.length : 0

/** About. */
const sizeOfValue = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length + 4
  if (typeof value === 'string') return value.length + 4
  if (typeof value !== 'object' || value === null) return 6
  let bytes = 4
  for (const each of Object.values(value)) bytes += sizeOfValue(each)
  return bytes
}
