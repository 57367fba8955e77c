/** Whose something is: of an address the account that is signed in to, of a person nothing more. */
export interface Party {
  /** Between these everything is shared evenly: an address, or a person. */
  readonly group: string
  /** And within one of them between these. */
  readonly member: string
}

interface Group<T> {
  size: number
  readonly members: Map<string, T[]>
}

/**
 * A waiting line in which nobody waits for all that one party has brought: the groups take turns,
 * and in each group its members. When it is too long, the last of whoever has most is sent away.
 */
export class FairQueue<T> {
  /** The next one first. */
  readonly #groups = new Map<string, Group<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  push({ group, member }: Party, item: T): void {
    const own = this.#groups.get(group) ?? { size: 0, members: new Map<string, T[]>() }
    this.#groups.set(group, own)
    const items = own.members.get(member) ?? []
    own.members.set(member, items)
    items.push(item)
    own.size++
    this.#size++
  }

  /** The next one; undefined when nobody waits. */
  shift(): T | undefined {
    for (const [group, own] of this.#groups) {
      for (const [member, items] of own.members) {
        const item = items.shift()
        // Whoever had a turn goes to the end.
        own.members.delete(member)
        if (items.length > 0) own.members.set(member, items)
        this.#groups.delete(group)
        this.#took(group, own)
        return item
      }
    }
    return undefined
  }

  /** Takes out who came last of the member with most, in the group with most. */
  dropHeaviest(): T | undefined {
    const heaviest = largest(this.#groups, ({ size }) => size)
    if (heaviest === undefined) return undefined
    const [group, own] = heaviest
    const [member, items] = largest(own.members, ({ length }) => length) ?? []
    const item = items?.pop()
    if (member !== undefined && items?.length === 0) own.members.delete(member)
    this.#took(group, own)
    return item
  }

  #took(group: string, own: Group<T>): void {
    own.size--
    this.#size--
    if (own.size > 0) this.#groups.set(group, own)
    else this.#groups.delete(group)
  }
}

const largest = <K, V>(map: ReadonlyMap<K, V>, sizeOf: (value: V) => number) => {
  let found: readonly [K, V] | undefined
  for (const entry of map)
    if (found === undefined || sizeOf(entry[1]) > sizeOf(found[1])) found = entry
  return found
}
