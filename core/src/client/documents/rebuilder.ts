/**
 * Mends a page after the server refused what this device wrote: takes the server's state, and
 * writes into it, as new entries, what of the person's own was not in. Nothing is lost, and what
 * was refused twice in a day is kept to be copied instead of being sent for ever.
 */
import { type DeviceId, type DocName, monthOf, monthStart, parseDocName } from '../../base/ids.ts'
import {
  type Authored,
  type EntryId,
  EntryKind,
  entryId,
  isMessage,
  isTime,
  MAX_BODY,
} from '../../chat/entry.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import type { LaneWriter, NewEntry } from '../../chat/lane-writer.ts'
import { logName } from '../../chat/lanes.ts'
import { Page } from '../../chat/page.ts'
import { splitUpdate } from '../../gate/split-update.ts'
import { firstClocks, stateBefore } from '../../update/state-before.ts'
import type {
  DocPatch,
  LocalStore,
  NewRow,
  OutboxRow,
  RefusedMessage,
} from '../store/local-store.ts'
import type { OpenPage, Pages } from './pages.ts'
import type { SysDocs } from './sys-docs.ts'

const DAY = 86_400_000
/** Rebuilds of a page in a day, after which what is refused is set aside. */
const MOST_REBUILDS = 2
/** The same when what is refused are the dates: then it is a clock that is being set. */
const MOST_DATINGS = 8
/** How far in the future, in ms, a timestamp may lie to be kept; the server allows a day. */
const TRUSTED_AHEAD = 3_600_000

export interface ServerState {
  updates: readonly Uint8Array[]
  /** Its head, to be stored with it. */
  moved: DocPatch
}

export interface RebuilderOptions {
  device: DeviceId
  store: LocalStore
  pages: Pages
  sysDocs: SysDocs
  clock: HybridClock
  /** Writes messages anew in the chat of `doc`, in the page of today. */
  resend(doc: DocName, bodies: readonly Uint8Array[]): Promise<void>
}

export class Rebuilder {
  readonly #options: RebuilderOptions
  readonly #pending = new Map<DocName, string>()

  constructor(options: RebuilderOptions) {
    this.#options = options
  }

  begin(doc: DocName, code: string): void {
    this.#pending.set(doc, code)
  }

  isPending(doc: DocName): boolean {
    return this.#pending.has(doc)
  }

  pending(): readonly { doc: DocName; code: string }[] {
    return [...this.#pending].map(([doc, code]) => ({ doc, code }))
  }

  /** With the server's whole state at hand: puts the page on it. */
  async finish(doc: DocName, state: ServerState): Promise<void> {
    const code = this.#pending.get(doc) ?? ''
    const server = new Page()
    server.apply(state.updates)
    const record = await this.#options.store.record(doc)
    const now = this.#options.clock.now()
    if (parseDocName(doc)?.kind !== 'page') {
      const patch = { ...state.moved, pushAll: false, lost: false }
      await this.#options.sysDocs.replace(doc, state.updates, patch)
      this.#pending.delete(doc)
      return
    }
    // Those of a clock that was ahead are not of today.
    const rebuilds = [...(record?.rebuilds ?? []).filter((at) => Math.abs(now - at) < DAY), now]
    const full = code === 'FULL' || code === 'BLOCKED'
    const most = code === 'CLOCK' ? MOST_DATINGS : MOST_REBUILDS
    const setAside = full || rebuilds.length > most
    let elsewhere: Uint8Array[] = []
    await this.#options.pages.replace(doc, async (old, laneWriter) => {
      const tooLong = await this.#tooLong(old, code)
      const lost = (await this.#written(old)).filter(
        ({ writer, n }) => server.entry(writer, n)?.author !== old.me,
      )
      // Taking back makes room, so that goes on; what was written waits for the person.
      const again = full ? lost.filter((entry) => isAbout(entry, server)) : setAside ? [] : lost
      const { rows, moved } = this.#again(again, laneWriter, server)
      elsewhere = moved
      const refused: RefusedMessage[] = setAside
        ? lost.filter(hasText).map(({ body, at }) => ({ body, at, code }))
        : []
      return {
        rows: [...state.updates.map((update) => ({ update })), ...rows],
        patch: {
          ...state.moved,
          pushAll: false,
          lost: false,
          rebuilds,
          refused: [...(record?.refused ?? []), ...refused, ...tooLong],
        },
      }
    })
    this.#pending.delete(doc)
    if (elsewhere.length > 0) await this.#options.resend(doc, elsewhere)
  }

  /** Whether a page lies further in the future than a message may, by this device's clock. */
  isAhead(doc: DocName): boolean {
    const ref = parseDocName(doc)
    return ref?.kind === 'page' && monthStart(ref.month) > this.#options.clock.now() + DAY
  }

  /**
   * A page in the future, which a wrong clock made and the server does not have, is emptied into
   * the page of today. False when there was nothing in it.
   */
  async discardServerState(doc: DocName): Promise<boolean> {
    // Emptied on an earlier connection, and still asked for by a screen: nothing to write again.
    if ((await this.#options.store.read(doc)).rows.length === 0) return false
    let bodies: Uint8Array[] = []
    await this.#options.pages.replace(doc, async (old) => {
      bodies = (await this.#unsent(old))
        .filter(({ kind }) => kind === EntryKind.message)
        .map(({ body }) => body)
      return { rows: [], patch: { head: 0, known: 0 } }
    })
    if (bodies.length > 0) await this.#options.resend(doc, bodies)
    return true
  }

  /**
   * The person may not write here any more: takes what was not sent out of the page, and keeps its
   * messages to be copied. False when there is nothing.
   */
  async setAside(doc: DocName, code: string): Promise<boolean> {
    const { store, pages } = this.#options
    const waiting = (): Promise<OutboxRow[]> => store.outbox(doc)
    if (parseDocName(doc)?.kind !== 'page') return false
    // Receipts alone can wait until the person is back.
    if (!(await waiting()).some(({ entries }) => entries.length > 0)) return false
    await pages.replace(doc, async (old) => {
      const rows = await waiting()
      const unsent = new Set(
        rows.flatMap(({ entries }) => entries.map(({ writer, n }) => entryId(writer, n))),
      )
      const refused: RefusedMessage[] = []
      for (const { id, body, at } of old.page.messages())
        if (unsent.has(id) && body !== null) refused.push({ body, at, code })
      const record = await store.record(doc)
      const ends = firstClocks(rows.map(({ update }) => update))
      const update = stateBefore(old.page.toUpdate(), ends)
      return {
        rows: splitUpdate(update).map((part) => ({ update: part })),
        patch: {
          // What the server lost it is still to be given, should the person be in the chat again.
          ...(record?.lost !== true && { pushAll: false }),
          refused: [...(record?.refused ?? []), ...refused],
        },
      }
    })
    this.#pending.delete(doc)
    return true
  }

  /**
   * Messages that no entry can hold, as versions before wrote them: no page shows them, and the
   * server takes none. They are kept for the person to copy.
   */
  async #tooLong(open: OpenPage, code: string): Promise<RefusedMessage[]> {
    const rows = await this.#options.store.outbox(open.doc)
    const waiting = new Set(
      rows.flatMap(({ entries }) => entries.map(({ writer, n }) => `${writer}.${n}`)),
    )
    return open.page
      .toDoc()
      .getArray<unknown>(logName(open.me))
      .toArray()
      .flatMap((value) => {
        if (!Array.isArray(value) || !isMessage(value)) return []
        const [, writer, n, , at, , , , body]: unknown[] = value
        const isLong = body instanceof Uint8Array && body.length > MAX_BODY && isTime(at)
        return isLong && waiting.has(`${writer}.${n}`) ? [{ body, at, code }] : []
      })
  }

  /**
   * This device's entries, those first of which the server had said that it has them: it may have
   * lost them since. What it lacks of other devices of the person, those bring.
   */
  async #written(open: OpenPage): Promise<Authored[]> {
    const unsent = await this.#unsent(open)
    const waits = new Set(unsent.map(({ writer, n }) => entryId(writer, n)))
    const sent = open.page
      .entriesOf(open.me)
      .filter(
        ({ device, writer, n }) =>
          device === this.#options.device && !waits.has(entryId(writer, n)),
      )
      .sort((one, other) => one.at - other.at || one.writer - other.writer || one.n - other.n)
    return [...sent, ...unsent]
  }

  /** This device's entries that the server has not acknowledged, oldest first. */
  async #unsent(open: OpenPage): Promise<Authored[]> {
    const outbox = await this.#options.store.outbox(open.doc)
    // From the own log: under a writer of this device the page may show somebody else's entry.
    const own = new Map(
      open.page.entriesOf(open.me).map((entry) => [entryId(entry.writer, entry.n), entry]),
    )
    return outbox
      .flatMap((row) => row.entries)
      .map(({ writer, n }) => own.get(entryId(writer, n)))
      .filter((entry) => entry !== undefined)
  }

  #again(
    lost: readonly Authored[],
    laneWriter: LaneWriter,
    server: Page,
  ): { rows: NewRow[]; moved: Uint8Array[] } {
    const { clock } = this.#options
    const now = clock.now()
    const moved: Uint8Array[] = []
    const added: NewEntry[] = []
    const renamed = new Map<EntryId, number>()
    for (const { writer, n, at: was, kind, ref, body } of lost) {
      // What the server has not taken, dated as it was, needs no taking back.
      if (
        ref?.stub !== undefined &&
        ref.stub.at > now + DAY &&
        server.entry(ref.writer, ref.n)?.author !== laneWriter.index
      )
        continue
      const at = was > now + TRUSTED_AHEAD ? clock.tick() : was
      if (kind === EntryKind.message && monthOf(at) !== monthOf(was)) {
        moved.push(body)
        continue
      }
      const target = ref === null ? undefined : renamed.get(entryId(ref.writer, ref.n))
      const renamedRef =
        ref === null || target === undefined
          ? ref
          : { ...ref, writer: laneWriter.writer, n: target }
      added.push({ at, kind, ref: renamedRef, body })
      renamed.set(entryId(writer, n), added.length)
    }
    if (added.length === 0) return { rows: [], moved }
    const { update, entries, advance } = laneWriter.entries(added, server.frontier)
    advance()
    return { rows: [{ update, mine: { entries } }], moved }
  }
}

/** Whether it has words that the person wrote. */
const hasText = ({ kind }: Authored): boolean =>
  kind === EntryKind.message || kind === EntryKind.edit

/** Whether it is no text, and about an entry that the server has. */
const isAbout = (entry: Authored, server: Page): boolean =>
  !hasText(entry) && entry.ref !== null && server.entry(entry.ref.writer, entry.ref.n) !== undefined
