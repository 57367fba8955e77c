import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, expect, it, vi } from 'vitest'
import { HealthNotes } from '../base/health-notes.ts'
import type { StoreHealth } from '../storage/store.ts'
import { healthRoutes } from './health.ts'

afterEach(() => {
  vi.useRealTimers()
})

const notes = new HealthNotes()

const statusOf = async (health: () => Promise<StoreHealth>, asks = 1): Promise<number[]> => {
  const app = express().use(
    healthRoutes({ store: { health }, filesUsable: async () => true, notes, elapsed: () => 0 }),
  )
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answers = await Promise.all(
    Array.from({ length: asks }, () => fetch(`http://127.0.0.1:${port}/`)),
  )
  server.closeAllConnections()
  server.close()
  return answers.map(({ status }) => status)
}

it('asks the store once for many who ask', async () => {
  let asked = 0
  const health = async (): Promise<StoreHealth> => {
    asked++
    return { ok: true, ms: 1 }
  }
  expect(await statusOf(health, 5)).toEqual([200, 200, 200, 200, 200])
  expect(asked).toBe(1)
})

it('does not wait for ever for a write', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const hanging = (): Promise<StoreHealth> => {
    queueMicrotask(() => vi.advanceTimersByTime(60_000))
    return new Promise(() => {})
  }
  expect(await statusOf(hanging)).toEqual([503])
})
