/**
 * A page as two people write it in a month: bursts of messages from new writers now and then, and
 * a receipt of the other side for each burst. Only the updates, one for each thing written.
 */

import type { MemberIndex, Writer } from '@wardline/core/base/client-id'
import { type DeviceId, type Month, monthStart } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter, type PendingWrite } from '@wardline/core/chat/lane-writer'
import type { ReceiptKind } from '@wardline/core/chat/receipt-key'

/** Members of a direct chat. */
const PATIENT = 1
const DOCTOR = 2
/** Messages in a row from one person. */
const BURST = 3
/** Bursts of one page load. */
const BURSTS_PER_WRITER = 4
/** Characters of a message. */
const TEXT_LENGTH = 80

/** A text of the usual length that says which message it is. */
export const textOf = (number: number): string =>
  `${number} is the number of this message `.padEnd(TEXT_LENGTH, 'and so on ')

interface Side {
  readonly index: MemberIndex
  readonly device: DeviceId
  laneWriter: LaneWriter
  bursts: number
}

/** Somebody's conversation in one month. Goes on where it was when it is asked for more. */
export class WrittenPage {
  readonly #nextWriter: () => Writer
  /** What no entry names: whoever writes names all of it. */
  #frontier: ReadonlyMap<Writer, number> = new Map()
  readonly #sides: readonly [Side, Side]
  #at: number
  #messages = 0
  #turn = 0

  /** @param nextWriter gives a writer that was never given before */
  constructor(month: Month, nextWriter: () => Writer) {
    this.#nextWriter = nextWriter
    this.#at = monthStart(month)
    this.#sides = [this.#side(PATIENT), this.#side(DOCTOR)]
  }

  get messages(): number {
    return this.#messages
  }

  /** Writes so many messages, and receipts between them. */
  async write(messages: number): Promise<Uint8Array[]> {
    const updates: Uint8Array[] = []
    for (const end = this.#messages + messages; this.#messages < end; ) {
      const [author, reader] = this.#turn++ % 2 === 0 ? this.#sides : this.#sides.toReversed()
      if (author === undefined || reader === undefined) break
      this.#perhapsNewWriter(author)
      for (let i = 0; i < BURST && this.#messages < end; i++)
        updates.push(await this.#message(author))
      updates.push(this.#receipt(reader, author, 'd'), this.#receipt(reader, author, 'r'))
    }
    return updates
  }

  async #message({ laneWriter }: Side): Promise<Uint8Array> {
    const body = await sealBody({ text: textOf(this.#messages++) })
    // The whole of a short month is enough for any number of messages that a person can write.
    this.#at += 120
    const draft = { at: this.#at, kind: EntryKind.message, ref: null, body }
    const write = laneWriter.entries([draft], this.#frontier)
    this.#frontier = new Map(write.entries.map(({ writer, n }) => [writer, n]))
    return done(write)
  }

  #receipt(reader: Side, { laneWriter: { writer } }: Side, kind: ReceiptKind): Uint8Array {
    const n = this.#frontier.get(writer) ?? 0
    return done(reader.laneWriter.receipts([{ kind, writer, n }], this.#at))
  }

  #perhapsNewWriter(side: Side): void {
    if (side.bursts++ % BURSTS_PER_WRITER === 0)
      side.laneWriter = new LaneWriter(side.index, this.#nextWriter(), side.device)
  }

  #side(index: MemberIndex): Side {
    const device = `device0${index}` as DeviceId
    return {
      index,
      device,
      laneWriter: new LaneWriter(index, this.#nextWriter(), device),
      bursts: 0,
    }
  }
}

const done = (write: PendingWrite): Uint8Array => {
  write.advance()
  return write.update
}

/** Writers 1, 2, 3 …, for content that has to be the same each time. */
export const countingWriters = (): (() => Writer) => {
  let last = 0
  return () => ++last
}
