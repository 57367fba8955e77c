/**
 * Holds what Wardline costs against the budget of `budget.json`, as multiples of what the relay
 * costs in the same run. What is over it is measured once more before it counts.
 *
 *     npm run bench -- check [quick] [update]
 *
 * `quick` takes half a minute, with margins under which a machine that does something else stays,
 * and a cost that has doubled does not. `update` writes the ratios of this run into the budget.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printTable } from './support/numbers.ts'
import { type Check, checksOf, FULL, QUICK } from './workloads/checks.ts'

/** It may be `ratio` times the relay's, and `margin` times that before it fails. */
interface Entry {
  readonly ratio: number
  readonly margin: number
}

type Budget = Record<string, Record<string, Entry>>

const file = join(import.meta.dirname, 'budget.json')
const words = process.argv.slice(2)
const quick = words.includes('quick')
const [name, size] = quick ? ['quick', QUICK] : ['full', FULL]
const budget = JSON.parse(readFileSync(file, 'utf8')) as Budget
const entries = budget[name] ?? {}

const ratiosOf = async ({ measure, ratios }: Check): Promise<Map<string, number>> => {
  const theirs = await measure('relay')
  const ours = await measure('wardline')
  return new Map(
    Object.entries(ratios).map(([what, [figure, unit]]) => [
      what,
      (ours[figure] ?? Number.NaN) / (theirs[unit] ?? Number.NaN),
    ]),
  )
}

const limitOf = (what: string): number => {
  const entry = entries[what]
  return entry === undefined ? Number.NaN : entry.ratio * entry.margin
}
/** One that cannot be told is not. */
const isMet = (what: string, ratio: number): boolean => ratio <= limitOf(what)

const found = new Map<string, number>()
for (const check of checksOf(size)) {
  const first = await ratiosOf(check)
  const isOver = [...first].some(([what, ratio]) => !isMet(what, ratio))
  const second = isOver && !words.includes('update') ? await ratiosOf(check) : first
  for (const [what, ratio] of first) found.set(what, Math.min(ratio, second.get(what) ?? ratio))
}

printTable(
  ['× what it costs the relay', 'now', 'budget', 'fails over', ''],
  [...found].map(([what, ratio]) => [
    what,
    ratio.toFixed(1),
    entries[what]?.ratio.toFixed(1) ?? '',
    entries[what] === undefined ? '' : limitOf(what).toFixed(1),
    isMet(what, ratio) ? 'met' : 'NOT MET',
  ]),
)
if (words.includes('update')) {
  const margin = quick ? 1.9 : 1.4
  const updated = [...found].map(([what, ratio]): [string, Entry] => [
    what,
    { ratio: Number(ratio.toFixed(1)), margin: entries[what]?.margin ?? margin },
  ])
  budget[name] = Object.fromEntries(updated)
  writeFileSync(file, `${JSON.stringify(budget, null, 2)}\n`)
} else {
  const failed = [...found].filter(([what, ratio]) => !isMet(what, ratio)).length
  console.log(`\nbudget: ${found.size - failed} met, ${failed} not met`)
  // For who counts it among other runs.
  const report = process.env.BUDGET_REPORT
  if (report !== undefined)
    writeFileSync(report, JSON.stringify({ passed: found.size - failed, failed }))
  if (failed > 0) process.exitCode = 1
}
