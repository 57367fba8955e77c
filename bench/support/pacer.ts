/**
 * Sends at a steady rate, whatever comes back, and times what comes back. Latency counts from
 * the moment of sending; how late that was tells whether the generator keeps up.
 */
import { percentile } from './numbers.ts'

export interface Load {
  /** Messages per second, over all senders. */
  readonly rate: number
  /** Seconds that count, after a second that does not. */
  readonly seconds: number
}

export interface Measured {
  /** To each of the receivers. */
  readonly sent: number
  readonly received: number
  /** Send to receive on the other side, ms. */
  readonly p50: number
  readonly p99: number
  /** Send to acknowledged, ms; NaN where nothing is acknowledged. */
  readonly ackP50: number
  readonly ackP99: number
  /** How late the generator was, ms. */
  readonly lateP99: number
}

const WARM_UP = 1
/** How long after the last message answers are waited for, ms. */
const GRACE = 5_000

export class Pacer {
  #sentAt = new Float64Array()
  #took = new Float64Array()
  #acked = new Float64Array()
  /** How often each message arrived. */
  #times = new Uint16Array()
  #receivers = 1
  #open = 0

  /** The message with this number arrived at one of those who are to get it. */
  received(number: number): void {
    const times = this.#times[number]
    if (times === undefined || times === this.#receivers) return
    this.#took[number * this.#receivers + times] = performance.now() - (this.#sentAt[number] ?? 0)
    this.#times[number] = times + 1
    this.#open--
  }

  /** It is acknowledged. */
  acknowledged(number: number): void {
    if (number < this.#acked.length)
      this.#acked[number] = performance.now() - (this.#sentAt[number] ?? 0)
  }

  /**
   * @param send sends message `number`; called for 0, 1, 2 …
   * @param receivers of each message
   */
  async run(
    { rate, seconds }: Load,
    send: (number: number) => void,
    receivers = 1,
  ): Promise<Measured> {
    const first = Math.round(rate * WARM_UP)
    const all = first + Math.round(rate * seconds)
    this.#sentAt = new Float64Array(all)
    this.#took = new Float64Array(all * receivers).fill(Number.NaN)
    this.#times = new Uint16Array(all)
    this.#receivers = receivers
    this.#acked = new Float64Array(all).fill(Number.NaN)
    this.#open = all * receivers
    const late = new Float64Array(all)
    const start = performance.now()
    let next = 0
    await new Promise<void>((done) => {
      const tick = () => {
        const due = Math.min(all, Math.floor(((performance.now() - start) / 1000) * rate) + 1)
        // In portions, so that what comes back is read in between.
        for (const end = Math.min(due, next + 64); next < end; next++) {
          const now = performance.now()
          this.#sentAt[next] = now
          late[next] = now - (start + (next * 1000) / rate)
          send(next)
        }
        if (next === all) done()
        else if (next < due) setImmediate(tick)
        else setTimeout(tick, Math.min(5, 1000 / rate))
      }
      tick()
    })
    for (const end = performance.now() + GRACE; this.#open > 0 && performance.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 20))
    const took = this.#took.subarray(first * receivers).filter((ms) => !Number.isNaN(ms))
    const acked = this.#acked.subarray(first).filter((ms) => !Number.isNaN(ms))
    const sent = (all - first) * receivers
    const none = Number.NaN
    return {
      sent,
      received: took.length,
      p50: percentile(took, 0.5),
      p99: percentile(took, 0.99),
      ackP50: acked.length === 0 ? none : percentile(acked, 0.5),
      ackP99: acked.length === 0 ? none : percentile(acked, 0.99),
      lateP99: percentile(late.slice(first), 0.99),
    }
  }
}
