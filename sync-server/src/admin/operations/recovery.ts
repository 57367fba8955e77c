import { z } from 'zod'
import { ok } from '../../errors/result.ts'
import { operation } from '../operation.ts'
import { recoveryReport } from './recovery-report.ts'

export const recovery = operation({
  name: 'recovery',
  summary: 'say what came back since the data was put back or lost its end, and what did not',
  input: z.strictObject({}),
  run: async ({ store }) => ok(await recoveryReport(store)),
  print: (lines) => lines.join('\n'),
})
