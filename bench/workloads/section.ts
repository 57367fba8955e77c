/** What a workload found, by peer: figures by name, for programs and for people. */
import { median } from '../support/numbers.ts'
import type { Peer } from '../support/peers.ts'

export type Figures = Readonly<Record<string, number>>

interface Column {
  /** Name of the figure. */
  readonly figure: string
  /** As people read it, with its unit. */
  readonly head: string
  readonly digits: number
}

interface Row {
  readonly peer: Peer
  readonly name: string
  readonly figures: Figures
}

export interface Section {
  readonly title: string
  readonly columns: readonly Column[]
  /** In the order in which they are shown. */
  readonly rows: readonly Row[]
}

/** As a table in Markdown. What was not measured stays empty. */
export const markdownOf = ({ title, columns, rows }: Section): string => {
  const used = columns.filter(({ figure }) =>
    rows.some(({ figures }) => Number.isFinite(figures[figure])),
  )
  const lines = [
    ['', ...used.map(({ head }) => head)],
    ['---', ...used.map(() => '--:')],
    ...rows.map(({ name, figures }) => [
      name,
      ...used.map(({ figure, digits }) => {
        const value = figures[figure]
        return value === undefined || Number.isNaN(value) ? '' : value.toFixed(digits)
      }),
    ]),
  ]
  return `**${title}**\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

/** Of several runs of the same workload, the median of each figure. */
export const medianOf = (runs: readonly Section[]): Section => {
  const [first] = runs
  if (first === undefined) throw new Error('nothing was run')
  const medianIn = (row: number, figure: string) =>
    median(runs.flatMap((run) => run.rows[row]?.figures[figure] ?? []))
  const rows = first.rows.map((row, i) => ({
    ...row,
    figures: Object.fromEntries(Object.keys(row.figures).map((name) => [name, medianIn(i, name)])),
  }))
  return { ...first, rows }
}
