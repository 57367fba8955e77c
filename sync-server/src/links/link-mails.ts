/** Invitations and resets by mail. */
import type { Clock } from '@wardline/core/time/clock'
import { Lru } from '../base/lru.ts'
import { networkOf } from '../budget/network.ts'
import { type Rate, TokenBucket } from '../budget/token-bucket.ts'
import type { Directory } from '../directory/directory.ts'
import { normalizeEmail } from '../directory/user.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Invitations } from './invitations.ts'
import { linkAddress } from './link-address.ts'
import { linkMail } from './link-mail-text.ts'
import type { NewLink } from './links.ts'

const HOUR_SECONDS = 3_600
/** Mails that somebody can have sent to one address, an hour. */
export const MAX_MAILS_TO_ADDRESS = 3
/** Mails that somebody can ask for from one network, an hour. */
export const MAX_MAILS_FROM_NETWORK = 20
/** Addresses and networks that are remembered. */
const KEPT = 20_000

export interface LinkMailsOptions {
  readonly mailer: Mailer
  /** Where people open the app: never what a request says of itself. */
  readonly publicUrl: string
  readonly clinic: () => Promise<string>
  readonly directory: Pick<Directory, 'findByEmail'>
  readonly invitations: Invitations
  readonly clock: Clock
}

export class LinkMails {
  readonly #options: LinkMailsOptions
  readonly #toAddress: Buckets
  readonly #fromNetwork: Buckets

  constructor(options: LinkMailsOptions) {
    this.#options = options
    const elapsed = (): number => options.clock.elapsed()
    this.#toAddress = new Buckets(hourly(MAX_MAILS_TO_ADDRESS), elapsed)
    this.#fromNetwork = new Buckets(hourly(MAX_MAILS_FROM_NETWORK), elapsed)
  }

  /** Whether the mail server took the mail with a link. */
  async send(to: string, link: NewLink): Promise<boolean> {
    const { mailer, publicUrl, clinic } = this.#options
    return mailer.send(
      linkMail({
        to,
        clinic: await clinic(),
        url: linkAddress(publicUrl, link),
        kind: link.kind,
      }),
    )
  }

  /**
   * Sends somebody who asks a way in, if there is an account of that address and they did not ask
   * too often. Whoever asked is told nothing of it, in words or by the time that it takes.
   */
  async ask(email: string, address: string): Promise<void> {
    const { directory, invitations } = this.#options
    const to = normalizeEmail(email)
    const mayAsk = this.#fromNetwork.take(networkOf(address))
    if (!mayAsk || !this.#toAddress.take(to)) return
    const user = await directory.findByEmail(to)
    if (user === undefined) return
    const link = await invitations.linkFor(user, user.id)
    if (link.ok) await this.send(to, link.value)
  }
}

const hourly = (burst: number): Rate => ({ perSecond: burst / HOUR_SECONDS, burst })

class Buckets {
  readonly #rate: Rate
  readonly #elapsed: () => number
  readonly #kept = new Lru<string, TokenBucket>(KEPT)

  constructor(rate: Rate, elapsed: () => number) {
    this.#rate = rate
    this.#elapsed = elapsed
  }

  take(key: string): boolean {
    const now = this.#elapsed()
    const bucket = this.#kept.get(key) ?? new TokenBucket(this.#rate, now)
    this.#kept.set(key, bucket)
    if (bucket.wait(now) > 0) return false
    bucket.take(1, now)
    return true
  }
}
