import { EventEmitter } from 'node:events'
import { parseUserId } from '@wardline/core/base/ids'
import type { Request, Response } from 'express'
import { expect, it } from 'vitest'
import type { AccessClaims } from '../auth/access-token.ts'
import { failure } from '../errors/catalogue.ts'
import { ok } from '../errors/result.ts'
import { AtOnce } from './at-once.ts'
import { openContext } from './context.ts'
import { guardBy, guardChanges, MAX_ACCOUNT_CHANGES, throttleBy } from './user-throttle.ts'

const pat = parseUserId('pat-morgan')!
const claims = { userId: pat, session: 'one', roles: ['patient'] } as unknown as AccessClaims

class Exchange extends EventEmitter {
  closed = false
  answered: unknown
  readonly request: Request
  code = 200
  constructor() {
    super()
    const headers = { authorization: 'Bearer token' }
    this.request = { headers, socket: {}, res: this, method: 'POST' } as unknown as Request
    Object.assign(this, { req: this.request })
    const policy = { clientUrl: undefined, trustedProxies: 0 }
    openContext(policy, () => {})(this.request, this.response, () => {})
  }
  get response(): Response {
    return this as unknown as Response
  }
  set(): this {
    return this
  }
  status(code: number): this {
    this.code = code
    return this
  }
  json(body: unknown): void {
    this.answered = body
    this.end()
  }
  end(): void {
    this.answered ??= this.code
    this.closed = true
    this.emit('close')
  }
}
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate)
}

it('a request that has waited for its turn is one of whoever is good then', async () => {
  let isGood = true
  const check = { verifyAccessToken: () => (isGood ? ok(claims) : failure('session-ended')) }
  const guard = guardBy(check, () => undefined, new AtOnce(1))
  let done = 0
  const first = new Exchange()
  const second = new Exchange()
  let finish = (): void => {}
  const slow = guard(async () => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return ok({ status: 204 })
  })
  const quick = guard(async () => {
    done++
    return ok({ status: 204 })
  })
  void slow(first.request, first.response, () => {})
  void quick(second.request, second.response, () => {})
  await turns()
  // Their device is removed while it waits.
  isGood = false
  finish()
  await turns()
  expect(done).toBe(0)
  expect(second.answered).toMatchObject({ error: { code: 'session-ended' } })
})

it('changes of accounts are counted over all that one person makes', async () => {
  let time = 0
  const check = { verifyAccessToken: () => ok(claims) }
  const rate = { perSecond: 1_000, burst: 1_000 }
  const guard = guardBy(
    check,
    throttleBy(rate, () => time),
  )
  const changing = guardChanges(guard, () => time)
  const ask = async (of: typeof guard): Promise<unknown> => {
    const exchange = new Exchange()
    void of(async () => ok({ status: 204 }))(exchange.request, exchange.response, () => {})
    await turns()
    return exchange.answered
  }
  for (let i = 0; i < MAX_ACCOUNT_CHANGES; i++) expect(await ask(changing)).toBe(204)
  expect(await ask(changing)).toMatchObject({ error: { code: 'too-many-requests' } })
  expect(await ask(guard)).toBe(204)
  time += 3_600_000 / MAX_ACCOUNT_CHANGES
  expect(await ask(changing)).toBe(204)
})
