/**
 * A hybrid logical clock in whole milliseconds: physical time, corrected by the server's, but
 * never behind what this device has written or seen, so that an answer is dated after its
 * question. After Kulkarni et al., "Logical Physical Clocks" (2014), with the logical part folded
 * into the milliseconds.
 */
import type { Clock } from '../time/clock.ts'

/**
 * How far, in ms, somebody else's timestamp may pull this clock ahead of physical time. Beyond it
 * the other clock is wrong, and following it would make this device date its messages wrong too;
 * the causal order of `seen` still holds.
 */
const MAX_PULL = 60_000

/** How far, in ms, the device's clock may fall behind the time that elapses before it was set back. */
const JITTER = 1_000

export class HybridClock {
  readonly #device: Clock
  #offset = 0
  #last: number
  /** The device's clock less what had elapsed, when it was last looked at. */
  #base: number

  /**
   * @param device its clock, which may be wrong, and be set while this runs
   * @param floor a time, ms, that is known to have passed (from an earlier run), so that a device
   *   whose battery died does not write into 1970
   */
  constructor(device: Clock, floor = 0) {
    this.#device = device
    this.#last = floor
    this.#base = device.now() - device.elapsed()
  }

  /**
   * Learns from the server how wrong the device's clock is. The server told its time at some moment
   * between asking and now: what was believed is kept as long as that allows it, so that a slow
   * network does not make a good clock wrong.
   *
   * @param waited how long ago it was asked, ms, and how much more it may have been off
   */
  correct(serverTime: number, waited: number): void {
    const least = serverTime - this.#physical()
    const most = least + waited
    if (this.#offset < least || this.#offset > most) this.#offset = Math.round((least + most) / 2)
    this.#comeBackTo(serverTime)
  }

  /** Takes over what another tab of this device learned from the server. */
  follow(offset: number, serverTime: number): void {
    this.#physical()
    this.#offset = offset
    this.#comeBackTo(serverTime)
  }

  /** A clock that ran ahead may have dated things in the future; from now on it is right again. */
  #comeBackTo(serverTime: number): void {
    if (this.#last > serverTime + MAX_PULL) this.#last = serverTime
  }

  /** Milliseconds that the device's clock is behind the server's. */
  get offset(): number {
    this.#physical()
    return this.#offset
  }

  restoreOffset(offset: number): void {
    this.#offset = offset
  }

  /** Physical time, corrected, never before the floor. */
  now(): number {
    return Math.round(this.#physical() + this.#offset)
  }

  /**
   * The device's clock. When it is set back, what it has to be corrected by grows by as much. When
   * it jumps ahead it was set, or the device has slept: that is left to the server to tell.
   */
  #physical(): number {
    const now = this.#device.now()
    const base = now - this.#device.elapsed()
    if (base < this.#base - JITTER) this.#offset += this.#base - base
    this.#base = base
    return now
  }

  /** Notes a timestamp of somebody else. */
  observe(at: number): void {
    if (at > this.#last) this.#last = Math.min(at, Math.max(this.#last, this.now() + MAX_PULL))
  }

  /** The timestamp for what is written now: after all that was written or seen here. */
  tick(): number {
    this.#last = Math.max(this.now(), this.#last + 1)
    return this.#last
  }
}
