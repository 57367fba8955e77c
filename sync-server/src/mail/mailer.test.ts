import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { createMailer, MAX_MAILS_WAITING, type Mailer } from './mailer.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

const mailerTo = (port: number): { mailer: Mailer; lines: string[] } => {
  const lines: string[] = []
  const mailer = createMailer({
    url: `smtp://127.0.0.1:${port}`,
    from: 'Hillside <no-reply@hillside.example>',
    log: (_level, event, details) => lines.push(`${event} ${JSON.stringify(details)}`),
  })
  closing.push(() => mailer.close())
  return { mailer, lines }
}

const mailServer = async (refuses = false) => {
  const mails: { to: string[]; text: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo(_address, _session, done) {
      done(refuses ? new Error('no such person: kim@mail.example') : undefined)
    },
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  closing.push(() => void server.close(() => {}))
  return { port: portOf(server.server), mails }
}

const mail = { to: 'kim@mail.example', subject: 'Hello', text: 'A line.\n' }

describe('a mailer', () => {
  it('gives mails to the mail server', async () => {
    const { port, mails } = await mailServer()
    const { mailer, lines } = mailerTo(port)
    expect(await mailer.send(mail)).toBe(true)
    expect(mails).toMatchObject([{ to: ['kim@mail.example'] }])
    expect(mails[0]?.text).toMatch(
      /^From: Hillside <no-reply@hillside.example>\r\nTo: kim@mail.example\r\nSubject: Hello\r\n/,
    )
    expect(lines).toEqual([])
  })

  it('sends to one address, whatever that looks like', async () => {
    const { port, mails } = await mailServer()
    const { mailer } = mailerTo(port)
    await mailer.send({ ...mail, to: '"a@b.example, c"@mail.example' })
    for (const { to } of mails) expect(to).toHaveLength(1)
  })

  it('says that a mail did not go, and the log does not say to whom', async () => {
    const { port } = await mailServer(true)
    const { mailer, lines } = mailerTo(port)
    expect(await mailer.send(mail)).toBe(false)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^mail\.failed/)
    expect(lines[0]).not.toContain('kim@')
  })

  it('does without a mail server that is away', async () => {
    const gone = createServer()
    gone.listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const port = portOf(gone)
    await new Promise((done) => gone.close(done))
    const { mailer, lines } = mailerTo(port)
    expect(await mailer.send(mail)).toBe(false)
    expect(lines[0]).toContain('ESOCKET')
  })

  it('lets so many wait and no more', async () => {
    const sockets: Socket[] = []
    const silent: Server = createServer((socket) => void sockets.push(socket))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    closing.push(() => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    const { mailer, lines } = mailerTo(portOf(silent))
    const sent = Array.from({ length: MAX_MAILS_WAITING }, () => mailer.send(mail))
    expect(await mailer.send(mail)).toBe(false)
    expect(lines).toEqual([`mail.dropped {"waiting":${MAX_MAILS_WAITING}}`])
    mailer.close()
    for (const socket of sockets) socket.destroy()
    expect(new Set(await Promise.all(sent))).toEqual(new Set([false]))
  })
})
