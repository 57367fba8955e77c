/** The value below which a share of them lie; 0 of none. Sorts in place. */
export const percentile = (values: Float64Array, share: number): number => {
  values.sort()
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
}

export const median = (values: readonly number[]): number =>
  percentile(Float64Array.from(values), 0.5)

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Prints rows under their heads, numbers to the right. */
export const printTable = (
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void => {
  const cells = [heads, ...rows].map((row) => row.map((cell) => String(cell)))
  const widths = heads.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  for (const row of cells)
    console.log(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
}
