/** From an empty folder to the first patient, in production, without a line of code or a shell in it. */
import { afterEach, expect, it } from 'vitest'
import { caller } from '../support/http-caller.ts'
import { ServerProcess } from '../support/server-process.ts'

const PASSWORD = 'drei Birnen im Regen'
const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0)) await task()
})

const tokenIn = (text: string): string | undefined =>
  /http:\/\/localhost:\d+\/join#([\w-]{43})\n|https:\/\/chat\.clinic\.example\/join#([\w-]{43})\n/
    .exec(text)
    ?.slice(1)
    .find((each) => each !== undefined)

it('a server in production says once where the first admin begins, and they invite the others', async () => {
  const server = await ServerProcess.start({
    env: { NODE_ENV: 'production', PUBLIC_URL: 'https://chat.clinic.example' },
  })
  cleanUp.push(() => server.remove())
  await expect.poll(() => tokenIn(server.output)).toBeDefined()
  const first = tokenIn(server.output)
  // Whoever starts it again before that gets another one; the one before is good no more.
  await server.kill()
  const { length } = server.output
  await server.start()
  await expect.poll(() => tokenIn(server.output.slice(length))).toBeDefined()
  const token = tokenIn(server.output.slice(length))
  const anybody = caller(server.url, undefined)
  const accept = (link: string | undefined) =>
    anybody('POST', '/api/auth/links/accept', {
      ...{ token: link, name: 'Robin Day', email: 'robin@clinic.example', password: PASSWORD },
      ...{ device: 'laptop01', deviceName: 'Laptop' },
    })
  expect((await accept(first)).status).toBe(410)
  const accepted = await accept(token)
  expect(accepted).toMatchObject({
    status: 200,
    body: { user: { name: 'Robin Day', roles: ['admin'] } },
  })
  const robin = caller(server.url, String(accepted.body.accessToken))
  const doctor = await robin('POST', '/api/admin/people', {
    ...{ name: 'Dr Grace Lee', role: ['doctor'], email: 'grace@clinic.example' },
  })
  expect(doctor.status).toBe(200)
  const { user } = doctor.body as { user: { id: string } }
  const patient = await robin('POST', '/api/admin/people', {
    ...{ name: 'Kim Novak', role: ['patient'], birthDate: '1984-05-02' },
  })
  expect(patient.status).toBe(200)
  expect(user.id).toMatch(/^u-/)
  // There is nobody to wait for any more.
  await server.stop()
  const { length: later } = server.output
  await server.start()
  expect(await caller(server.url, undefined)('GET', '/healthz')).toMatchObject({ status: 200 })
  expect(server.output.slice(later)).not.toContain('/join#')
})

it('a demo has its people, and no such link', async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  expect(server.output).not.toContain('/join#')
})
