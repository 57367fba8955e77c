/**
 * Visits structs of several clients so that each comes after what it refers to. Iterative, with
 * every client at most once on the stack: a cycle of origins ends the walk, it does not overflow.
 */
import type { ParsedBlock, ParsedStruct } from './parse-update.ts'
import type { StructId } from './struct.ts'

/**
 * missing: something before the struct is neither known nor in the update. forward: its origin
 * is not before it. cycle: structs wait for each other.
 */
export type WalkProblem = 'missing' | 'forward' | 'cycle'

interface Cursor {
  readonly client: number
  readonly structs: readonly ParsedStruct[]
  at: number
  waiting: boolean
}

/**
 * Calls `visit` for each struct that is not known entirely, in causal order. `nextOf` gives a
 * client's next clock and has to include what was visited. Stops at the first problem of its own
 * or of `visit`.
 */
export const walkInOrder = <R>(
  blocks: readonly ParsedBlock[],
  nextOf: (client: number) => number,
  visit: (client: number, struct: ParsedStruct) => R | undefined,
): R | WalkProblem | undefined => {
  const cursors = new Map<number, Cursor>()
  for (const { client, structs } of blocks)
    cursors.set(client, { client, structs, at: 0, waiting: false })
  const stack: Cursor[] = []
  for (const cursor of cursors.values()) {
    stack.push(cursor)
    for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
      const below = stack[stack.length - 2]
      const struct = top.structs[top.at]
      if (below !== undefined && unmetOf(below, nextOf) === undefined) {
        stack.pop()
        below.waiting = false
      } else if (struct === undefined) {
        if (below !== undefined) return 'missing'
        stack.pop()
      } else {
        const next = nextOf(top.client)
        if (struct.clock > next) return 'missing'
        const unmet = struct.clock < next ? undefined : firstUnmet(struct, nextOf)
        if (unmet === undefined) {
          if (struct.clock + struct.len > next) {
            const problem = visit(top.client, struct)
            if (problem !== undefined) return problem
          }
          top.at++
        } else {
          if (unmet.client === top.client) return 'forward'
          const awaited = cursors.get(unmet.client)
          if (awaited === undefined) return 'missing'
          if (awaited.waiting) return 'cycle'
          top.waiting = true
          stack.push(awaited)
        }
      }
    }
  }
  return undefined
}

const unmetOf = (cursor: Cursor, nextOf: (client: number) => number): StructId | undefined => {
  const struct = cursor.structs[cursor.at]
  return struct && firstUnmet(struct, nextOf)
}

const firstUnmet = (
  { origin, rightOrigin }: ParsedStruct,
  nextOf: (client: number) => number,
): StructId | undefined => {
  if (origin !== null && origin.clock >= nextOf(origin.client)) return origin
  if (rightOrigin !== null && rightOrigin.clock >= nextOf(rightOrigin.client)) return rightOrigin
  return undefined
}
