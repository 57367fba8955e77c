/**
 * Stands in for Vitest in a page: collects the tests of a suite, and runs them one after the other.
 * Only what the contract suites use.
 */
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

export const expect = chai.expect

type Task = () => unknown

interface Scope {
  readonly name: string
  readonly before: Task[]
  readonly after: Task[]
}

interface CollectedTest {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly task: Task
}

const tests: CollectedTest[] = []
let open: readonly Scope[] = []

export const describe = (name: string, body: () => void): void => {
  const outer = open
  open = [...outer, { name, before: [], after: [] }]
  body()
  open = outer
}

export const it = (name: string, task: Task): void => {
  const names = [...open.map((scope) => scope.name), name]
  tests.push({ name: names.join(' > '), scopes: open, task })
}

export const beforeEach = (task: Task): void => {
  open.at(-1)?.before.push(task)
}

export const afterEach = (task: Task): void => {
  open.at(-1)?.after.push(task)
}

/** What became of a test; `problem` is null when it passed. */
export interface TestResult {
  readonly name: string
  readonly problem: string | null
}

const run = async ({ scopes, task }: CollectedTest): Promise<void> => {
  try {
    for (const { before } of scopes) for (const prepare of before) await prepare()
    await task()
  } finally {
    for (const { after } of scopes.toReversed()) for (const tidy of after) await tidy()
  }
}

/** Runs everything that was collected. A test that fails keeps no other from running. */
export const runAll = async (): Promise<TestResult[]> => {
  const results: TestResult[] = []
  for (const test of tests)
    results.push({
      name: test.name,
      problem: await run(test).then(
        () => null,
        (error: unknown) =>
          error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
      ),
    })
  return results
}
