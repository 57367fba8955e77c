import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'

it('writes one JSON line for what is severe enough', () => {
  const lines: string[] = []
  const log = createLogger(
    'info',
    (line) => lines.push(line),
    () => 0,
  )
  log('debug', 'noise')
  log('info', 'request', { status: 200, route: undefined, id: 'line\nbreak' })
  log('error', 'failed')
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","severity":"info","event":"request","status":200,"id":"line\\nbreak"}\n',
    '{"time":"1970-01-01T00:00:00.000Z","severity":"error","event":"failed"}\n',
  ])
})

it('can be silent', () => {
  const lines: string[] = []
  createLogger('silent', (line) => lines.push(line))('error', 'failed')
  expect(lines).toEqual([])
})
