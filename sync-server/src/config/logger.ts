/**
 * Structured logs: one JSON line for each event. Fields are ids, codes, counts and durations;
 * never what people wrote, searched or typed, and never a token.
 */

import { systemTimers } from '../base/timers.ts'
import type { LogLevel } from './config.ts'

type Severity = Exclude<LogLevel, 'silent'>
const rank: Record<LogLevel, number> = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 }

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>
export type Logger = (severity: Severity, event: string, fields?: LogFields) => void

/** Writes what is at least as severe as `level`. */
export const createLogger =
  (
    level: LogLevel,
    write: (line: string) => void = (line) => process.stdout.write(line),
    now: () => number = systemTimers.now,
  ): Logger =>
  (severity, event, fields = {}) => {
    if (rank[severity] > rank[level]) return
    const time = new Date(now()).toISOString()
    write(`${JSON.stringify({ time, severity, event, ...fields })}\n`)
  }
