/**
 * The files of chats. Bytes are kept once, whoever sends them; a record per chat says who may have
 * them. A file of a chat is there when its record is: by then the bytes are on the disk.
 *
 * It goes when those who brought it have let it go and no message has it any more, whichever comes
 * last: a device lets go of the files of what it takes back, but may know of few months, and may
 * say so before the message itself has come.
 */

import { type ChatId, chatDoc, parseChatId, type UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { detectType } from '@wardline/core/files/detect-type'
import { contend } from '@wardline/core/time/contend'
import { z } from 'zod'
import { maySee } from '../directory/chat-scope.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import { accessOf, type Opener } from '../sync/access.ts'
import type { SyncDirectory } from '../sync/ports.ts'
import { type BlobStore, hashFile, withFile } from './blob-store.ts'
import type { FileGuard } from './file-guard.ts'
import { MAX_UNREFERENCED_BYTES, REFERENCE_AGE, UNREFERENCED_LIFETIME } from './file-limits.ts'
import {
  bytesKey,
  bytesPrefix,
  FILE_PREFIX,
  type FileRecord,
  fileKey,
  filesPrefix,
  hashSchema,
  leftKey,
  leftPrefix,
  payersOf,
  readFileKey,
  readFileRecord,
} from './file-record.ts'
import { FileUsage } from './file-usage.ts'
import { canBeShown } from './picture-limit.ts'

/** Lost files that one answer names. */
const MAX_LOST_TOLD = 100
/** Bytes without a record younger than this, ms, may be about to get one. */
const STRAY_AGE = 3_600_000

export interface FilesOptions {
  readonly store: Store
  readonly directory: SyncDirectory
  readonly blobs: BlobStore
  readonly guard: FileGuard
  /** Which of the files messages of the chat have that were not taken back. */
  readonly inUse: (chat: ChatId, hashes: ReadonlySet<string>) => Promise<ReadonlySet<string>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Bytes of files that a person may keep. Without it there is no end to them. */
  readonly quotaOf?: (user: UserId) => Promise<number>
}

/** What an upload says about itself. */
export interface UploadedFile {
  readonly chat: ChatId
  readonly hash: string
  readonly name: string
  readonly type: string
  readonly size: number
  readonly owner: UserId
  /**
   * It only gives back what the server has lost of a file that the chat has: whoever does that has
   * not brought the file, and need not let it go.
   */
  readonly returns?: boolean
}

const lostFileSchema = z.object({
  chat: z.string(),
  hash: hashSchema,
  name: z.string(),
  type: z.string(),
  size: z.number().int(),
})
/** Files of chats of which the server has lost the bytes. */
export const lostFilesSchema = z.object({ files: z.array(lostFileSchema) })
type LostFile = z.infer<typeof lostFileSchema>

/** What a record becomes, and what it was. */
interface FileChange {
  readonly before: FileRecord | undefined
  readonly after: FileRecord
  readonly records: readonly RecordWrite[]
  readonly audit: readonly AuditLine[]
}

/** Methods reject with `StoreError` when the store cannot read or write. */
export class Files {
  readonly #options: FilesOptions
  /** By hash: bytes must not be deleted while another message takes them up. */
  readonly #serial = new Serial<string>()
  /** Chats that are to be looked through next. */
  readonly #waiting = new Map<ChatId | undefined, Promise<void>>()

  readonly #usage: FileUsage
  /** How many copy the bytes at the moment. */
  #copying = 0
  /** Whose bytes nobody has any more, but somebody copies. */
  readonly #keptBack = new Set<string>()

  constructor(options: FilesOptions) {
    this.#options = options
    this.#usage = new FileUsage(options.store)
  }

  /** Whether a person may keep so many bytes more. */
  async hasRoom(user: UserId, bytes: number): Promise<boolean> {
    const quota = await this.#options.quotaOf?.(user)
    const kept = await this.#usage.of(user)
    if (quota !== undefined && kept.bytes + bytes > quota) return false
    if (kept.unreferenced + bytes <= MAX_UNREFERENCED_BYTES) return true
    // It is not noticed by itself when a message comes that has one.
    for (const [chat, hashes] of await this.#usage.unreferencedOf(user))
      await this.#noteSeen(chat, await this.#options.inUse(chat, hashes))
    return (await this.#usage.of(user)).unreferenced + bytes <= MAX_UNREFERENCED_BYTES
  }

  /** Lets go, for their owners, of the files that no message came for in time. */
  async dropUnreferenced(): Promise<void> {
    const { store, now, inUse } = this.#options
    const old = new Map<ChatId, Map<string, FileRecord>>()
    for (const { key, value } of await store.listRecords(FILE_PREFIX)) {
      const place = readFileKey(key)
      const file = readFileRecord(value)
      if (place === undefined || file.seen === true || now() - file.at < REFERENCE_AGE) continue
      old.set(place.chat, (old.get(place.chat) ?? new Map()).set(place.hash, file))
    }
    for (const [chat, files] of old) {
      const used = await inUse(chat, new Set(files.keys()))
      await this.#noteSeen(chat, used)
      for (const [hash, { at }] of files)
        if (!used.has(hash) && now() - at >= UNREFERENCED_LIFETIME)
          await this.#serial.run(hash, async () => {
            await this.#change(async () => {
              const found = await this.#record(chat, hash)
              if (found === undefined || found.file.owners.length === 0) return undefined
              const file = { ...found.file, owners: [] }
              return this.#put(chat, hash, file, found, 'server', 'file.released')
            })
            await this.#dropUnused(chat, hash)
          })
    }
  }

  async #noteSeen(chat: ChatId, hashes: ReadonlySet<string>): Promise<void> {
    for (const hash of hashes)
      await this.#serial.run(hash, () =>
        this.#change(async () => {
          const found = await this.#record(chat, hash)
          if (found === undefined || found.file.seen === true) return undefined
          return this.#put(chat, hash, { ...found.file, seen: true }, found)
        }),
      )
  }

  /** Whether a person may put files into a chat. A direct chat begins with that, as with a message. */
  async mayWrite(opener: Opener, chat: ChatId): Promise<boolean> {
    const { directory, now } = this.#options
    return (await accessOf(directory, opener, chatDoc(chat), now())).kind === 'granted'
  }

  /**
   * A file of a chat, for one of its members. Fails with `not-found`, and with `file-lost` when the
   * bytes are not there any more, or are others than they were.
   */
  async find(
    user: UserId,
    chat: ChatId,
    hash: string,
  ): Promise<Result<{ path: string; record: FileRecord }, Failure>> {
    if (!(await this.#isMember(user, chat))) return failure('not-found')
    const record = await this.#record(chat, hash)
    if (record === undefined) return failure('not-found')
    const { guard, blobs } = this.#options
    if (!(await guard.isWhole(hash))) return failure('file-lost')
    return ok({ path: blobs.path(hash), record: record.file })
  }

  /** Files of the user's chats that devices may have and the server has lost, some of them. */
  async lost({ userId, ...who }: Opener): Promise<readonly LostFile[]> {
    const { store, guard } = this.#options
    const found: LostFile[] = []
    for (const hash of guard.lost) {
      for (const { key } of await store.listRecords(bytesPrefix(hash))) {
        const chat = parseChatId(key.slice(bytesPrefix(hash).length))
        if (chat === undefined || !maySee(who, chat)) continue
        if (!(await this.#isMember(userId, chat))) continue
        const record = await this.#record(chat, hash)
        if (record === undefined) continue
        const { name, type, size } = record.file
        found.push({ chat, hash, name, type, size })
        break
      }
      if (found.length >= MAX_LOST_TOLD) break
    }
    return found
  }

  /**
   * A member's message is to have a file that the chat has already. Fails with `not-found` when
   * it has not: then it must be uploaded. Fails with `quota-full` for who keeps enough already.
   */
  async claim(user: UserId, chat: ChatId, hash: string): Promise<Result<undefined, Failure>> {
    const known = (await this.#isMember(user, chat)) ? await this.#record(chat, hash) : undefined
    const isNew = known !== undefined && !payersOf(known.file).has(user)
    if (isNew && !(await this.hasRoom(user, known.file.size))) return failure('quota-full')
    return this.#serial.run(hash, async () => {
      if (!(await this.#isMember(user, chat))) return failure('not-found')
      return this.#change(async () => {
        const found = await this.#record(chat, hash)
        if (found === undefined || !(await this.#options.guard.isWhole(hash))) return 'not-found'
        if (found.file.owners.includes(user)) return undefined
        const owners = [...found.file.owners, user]
        return this.#put(chat, hash, { ...found.file, owners }, found, user, 'file.claimed')
      })
    })
  }

  /**
   * Takes in the bytes of a finished upload. Fails with `file-damaged` when they are others than
   * was said, and with `file-type-refused` for what is not allowed, or no such type as was said.
   */
  complete(path: string, upload: UploadedFile): Promise<Result<undefined, Failure>> {
    const { chat, hash, owner, name, type, size } = upload
    return this.#serial.run(hash, async () => {
      if (!(await this.mayWrite({ userId: owner }, chat))) return failure('not-found')
      if ((await hashFile(path)) !== hash) return failure('file-damaged')
      if ((await withFile(path, detectType)) !== type) return failure('file-type-refused')
      if (!(await withFile(path, canBeShown))) return failure('file-type-refused')
      if (upload.returns && (await this.#record(chat, hash)) === undefined)
        return failure('not-found')
      await this.#options.blobs.adopt(path, hash)
      this.#options.guard.mended(hash)
      if (upload.returns) {
        const audit = [this.#audit(owner, 'file.returned', chat, hash)]
        await this.#options.store.commit({ audit })
        return ok(undefined)
      }
      return this.#change(async () => {
        const found = await this.#record(chat, hash)
        const at = this.#options.now()
        const known = found?.file ?? { name, type, size, at, owners: [], by: owner }
        // Who brings it again does not give a new name to what others have.
        const record = { ...known, owners: [...new Set([...known.owners, owner])] }
        return this.#put(chat, hash, record, found, owner, 'file.uploaded')
      })
    })
  }

  /**
   * This member lets a file go; what others brought stays theirs. Fails with `not-found` when they
   * have no such file.
   */
  release(user: UserId, chat: ChatId, hash: string): Promise<Result<undefined, Failure>> {
    return this.#serial.run(hash, async () => {
      if (!(await this.#isMember(user, chat))) return failure('not-found')
      const released = await this.#change(async () => {
        const found = await this.#record(chat, hash)
        if (!found?.file.owners.includes(user)) return 'not-found'
        const owners = found.file.owners.filter((owner) => owner !== user)
        const file = { ...found.file, owners }
        return this.#put(chat, hash, file, found, user, 'file.released')
      })
      if (released.ok) await this.#dropUnused(chat, hash)
      return released
    })
  }

  /**
   * Deletes the files that nobody owns and no message has any more, of one chat or of all. Something
   * in the chat was taken back, or it is time to look whether all of that was noticed.
   */
  dropLeft(chat?: ChatId): Promise<void> {
    const waiting = this.#waiting.get(chat)
    if (waiting !== undefined) return waiting
    const done = this.#serial.run(leftPrefix(chat), async () => {
      this.#waiting.delete(chat)
      const left = new Map<ChatId, Set<string>>()
      for (const { key } of await this.#options.store.listRecords(leftPrefix(chat))) {
        const file = readFileKey(key)
        if (file !== undefined)
          left.set(file.chat, (left.get(file.chat) ?? new Set()).add(file.hash))
      }
      for (const [chat, hashes] of left) {
        const used = await this.#options.inUse(chat, hashes)
        for (const hash of hashes)
          if (!used.has(hash)) await this.#serial.run(hash, () => this.#dropUnused(chat, hash))
      }
    })
    this.#waiting.set(chat, done)
    return done
  }

  /** Deletes all files of a chat, whoever owns them: the chat is no more. */
  async dropChat(chat: ChatId): Promise<void> {
    for (const { key } of await this.#options.store.listRecords(filesPrefix(chat))) {
      const hash = readFileKey(key)?.hash
      if (hash === undefined) continue
      await this.#serial.run(hash, async () => {
        const found = await this.#record(chat, hash)
        if (found !== undefined) await this.#drop(chat, hash, found)
      })
    }
  }

  /** Somebody owns no file of a chat any more; what no message has then goes. */
  async disown(user: UserId, chat: ChatId): Promise<void> {
    for (const { key } of await this.#options.store.listRecords(filesPrefix(chat))) {
      const hash = readFileKey(key)?.hash
      if (hash === undefined) continue
      await this.#serial.run(hash, async () => {
        await this.#change(async () => {
          const found = await this.#record(chat, hash)
          if (!found?.file.owners.includes(user)) return undefined
          const owners = found.file.owners.filter((owner) => owner !== user)
          return this.#put(chat, hash, { ...found.file, owners }, found, 'server', 'file.released')
        })
        await this.#dropUnused(chat, hash)
      })
    }
  }

  /** Deletes bytes that no chat has: what a crash left between a deletion and its bytes. */
  async sweep(): Promise<void> {
    const { blobs, now } = this.#options
    for await (const hash of blobs.olderThan(now() - STRAY_AGE))
      await this.#serial.run(hash, () => this.#removeUnused(hash))
  }

  /**
   * From now on all bytes stay, until what it returns is called: somebody copies them. What is
   * deleted meanwhile goes then.
   */
  keepBytes(): () => Promise<void> {
    this.#copying++
    let done: Promise<void> | undefined
    return () => {
      done ??= this.#letGo()
      return done
    }
  }

  async #letGo(): Promise<void> {
    this.#copying--
    if (this.#copying > 0) return
    const hashes = [...this.#keptBack]
    this.#keptBack.clear()
    for (const hash of hashes) await this.#serial.run(hash, () => this.#removeUnused(hash))
  }

  /** When all that is under way is done. */
  idle(): Promise<void> {
    return this.#serial.idle()
  }

  async #dropUnused(chat: ChatId, hash: string): Promise<void> {
    const found = await this.#record(chat, hash)
    if (found === undefined || found.file.owners.length > 0) return
    if ((await this.#options.inUse(chat, new Set([hash]))).size > 0) return
    await this.#drop(chat, hash, found)
  }

  async #drop(
    chat: ChatId,
    hash: string,
    found: { file: FileRecord; version: number },
  ): Promise<void> {
    const commit = await this.#options.store.commit({
      records: [
        { key: fileKey(chat, hash), value: null, expect: found.version },
        { key: bytesKey(hash, chat), value: null },
        { key: leftKey(chat, hash), value: null },
      ],
      audit: [this.#audit('server', 'file.deleted', chat, hash)],
    })
    if (commit.kind !== 'committed') return
    this.#usage.changed(found.file, undefined)
    await this.#removeUnused(hash)
  }

  async #removeUnused(hash: string): Promise<void> {
    const { store, blobs, guard } = this.#options
    if ((await store.listRecords(bytesPrefix(hash))).length > 0) return
    if (this.#copying > 0) {
      this.#keptBack.add(hash)
      return
    }
    await blobs.remove(hash)
    guard.forget(hash)
  }

  async #isMember(user: UserId, chat: ChatId): Promise<boolean> {
    const members = (await this.#options.directory.chatOf(chat))?.members ?? []
    return members.some(({ userId }) => userId === user)
  }

  async #record(
    chat: ChatId,
    hash: string,
  ): Promise<{ file: FileRecord; version: number } | undefined> {
    const found = await this.#options.store.getRecord(fileKey(chat, hash))
    return found && { file: readFileRecord(found.value), version: found.version }
  }

  #put(
    chat: ChatId,
    hash: string,
    file: FileRecord,
    before: { file: FileRecord; version: number } | undefined,
    actor?: UserId | 'server',
    action?: string,
  ): FileChange {
    const expect = before?.version ?? 0
    return {
      before: before?.file,
      after: file,
      records: [
        { key: fileKey(chat, hash), value: { ...file, owners: [...file.owners] }, expect },
        { key: bytesKey(hash, chat), value: true },
        { key: leftKey(chat, hash), value: file.owners.length === 0 ? true : null },
      ],
      audit:
        actor === undefined || action === undefined ? [] : [this.#audit(actor, action, chat, hash)],
    }
  }

  #audit(actor: UserId | 'server', action: string, chat: ChatId, hash: string) {
    return { at: this.#options.now(), actor, action, subject: chat, details: { hash } }
  }

  /** Commits what `make` makes of the present state, again after a conflict. */
  async #change(
    make: () => Promise<FileChange | 'not-found' | undefined>,
  ): Promise<Result<undefined, Failure>> {
    const changed = await contend<Result<undefined, Failure>>(async () => {
      const change = await make()
      if (change === 'not-found') return failure('not-found')
      if (change === undefined) return ok(undefined)
      const { before, after, records, audit } = change
      const commit = await this.#options.store.commit({ records, audit })
      if (commit.kind === 'conflict') return undefined
      this.#usage.changed(before, after)
      return ok(undefined)
    })
    return changed ?? { ok: false, error: { code: 'server-busy', retryAfter: 1 } }
  }
}
