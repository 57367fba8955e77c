import { beforeEach, expect, it } from 'vitest'
import { type ClosedEvent, renewToken, type TokenAnswer } from './renew-token.ts'

class FakeProvider {
  protocols: string[] = []
  /** What the provider was made to do, with the token that it had. */
  readonly calls: string[] = []
  readonly #listeners = new Map<string, (event: never) => void>()
  on(event: string, listener: (event: never) => void): void {
    this.#listeners.set(event, listener)
  }
  off(event: string): void {
    this.#listeners.delete(event)
  }
  connect(): void {
    this.calls.push(`connect ${this.protocols.join(' ')}`)
  }
  disconnect(): void {
    this.calls.push('disconnect')
  }
  closed(code: number): void {
    const listener = this.#listeners.get('closed') as ((event: ClosedEvent) => void) | undefined
    listener?.({ code, reason: 'why' })
  }
}

let provider: FakeProvider
let answers: TokenAnswer[]
let asked: (string | undefined)[]
let waits: (() => void)[]
let told: unknown[]
beforeEach(() => {
  provider = new FakeProvider()
  answers = []
  asked = []
  waits = []
  told = []
})

const token = (text: string): TokenAnswer => ({ kind: 'token', token: text })
const start = (...more: TokenAnswer[]) => {
  answers.push(...more)
  const admission = renewToken(provider, {
    getToken: async (refused) => {
      asked.push(refused)
      return answers.shift() ?? { kind: 'unreachable' }
    },
    onSignedOut: () => told.push('signed out'),
    onRefused: (event) => told.push(event),
    after: (_ms, callback) => {
      waits.push(callback)
      return () => waits.splice(waits.indexOf(callback), 1)
    },
  })
  admission.connect()
  return admission
}
/** Nothing here takes longer than some promises. */
const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}
const wait = async () => {
  expect(waits).toHaveLength(1)
  waits.shift()?.()
  await settle()
}

it('connects with a token, and with another one when that has ended', async () => {
  start(token('a'), token('b'))
  await settle()
  expect(provider.calls).toEqual(['connect wardline.sync bearer.a'])
  provider.closed(4401)
  await wait()
  expect(asked).toEqual([undefined, 'a'])
  expect(provider.calls.slice(1)).toEqual(['connect wardline.sync bearer.b'])
})

it('asks again, and not at once, while nobody answers', async () => {
  start({ kind: 'unreachable' }, { kind: 'unreachable' }, token('a'))
  await settle()
  await wait()
  await wait()
  expect(provider.calls).toEqual(['connect wardline.sync bearer.a'])
})

it('stops when the session has ended, until somebody has signed in', async () => {
  const admission = start(token('a'), { kind: 'signed-out' }, token('b'))
  await settle()
  provider.closed(4401)
  await wait()
  expect(told).toEqual(['signed out'])
  expect(waits).toEqual([])
  admission.connect()
  await settle()
  expect(provider.calls.at(-1)).toBe('connect wardline.sync bearer.b')
})

it('stops when the server refuses for good, and says why', async () => {
  start(token('a'))
  await settle()
  provider.closed(4403)
  expect(told).toEqual([{ code: 4403, reason: 'why' }])
  expect(waits).toEqual([])
})

it('does not come back by itself from being disconnected', async () => {
  const admission = start(token('a'))
  admission.disconnect()
  await settle()
  expect(provider.calls).toEqual(['disconnect'])
  provider.closed(4401)
  expect(waits).toEqual([])
})
