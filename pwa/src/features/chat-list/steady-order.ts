/**
 * Keeps the order of a list while a finger is on it: what is known stays where it is, what is new
 * waits below, what is gone goes.
 */
export const steadyOrder = <T extends { id: string }>(
  items: readonly T[],
  held: readonly string[] | null,
): readonly T[] => {
  if (held === null) return items
  const byId = new Map(items.map((item) => [item.id, item]))
  const kept = held.flatMap((id) => byId.get(id) ?? [])
  const known = new Set(held)
  return [...kept, ...items.filter((item) => !known.has(item.id))]
}
