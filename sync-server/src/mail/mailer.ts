/**
 * Mail, where the clinic has a server for it. A few at a time, and no more than so many that wait:
 * a mail server that is slow or away must not fill the memory.
 */
import { createTransport } from 'nodemailer'
import type { Logger } from '../config/logger.ts'

/** Connections to the mail server at once. */
const CONNECTIONS = 2
/** Mails that wait for one. */
export const MAX_MAILS_WAITING = 200
/** How long the mail server may take for each step, ms. */
const STEP_MS = 10_000

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mailer {
  /** Whether the mail server took it. Never rejects. */
  send(mail: Mail): Promise<boolean>
  close(): void
}

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with user and password if the server wants them. */
  readonly url: string
  /** Of whom the mails are: `Hillside <no-reply@hillside.example>`. */
  readonly from: string
  readonly log: Logger
}

export const createMailer = ({ url, from, log }: MailerOptions): Mailer => {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: CONNECTIONS,
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
      // A mail is made of what is written here, and never of a file or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  )
  let waiting = 0
  return {
    async send({ to, subject, text }) {
      if (waiting >= MAX_MAILS_WAITING) {
        log('warn', 'mail.dropped', { waiting })
        return false
      }
      waiting++
      try {
        // As an object: what looks like a list of addresses is not taken for one.
        await transport.sendMail({ to: { name: '', address: to }, subject, text })
        return true
      } catch (error) {
        // Without the address, and without what the mail server said of it.
        log('warn', 'mail.failed', { code: codeOf(error) })
        return false
      } finally {
        waiting--
      }
    },
    close: () => transport.close(),
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
