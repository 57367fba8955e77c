/** Exports of a person: as an archive to be sent, or as a folder on the server's machine. */
import { createWriteStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { UserId } from '@wardline/core/base/ids'
import { ZipFile } from 'yazl'
import type { User } from '../directory/user.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import { type ExportedFile, type ExportSources, exportedFiles } from './exported-files.ts'

export interface PersonExportOptions extends ExportSources {
  readonly store: Pick<Store, 'commit'>
  /** Milliseconds since 1970. */
  now(): number
}

export class PersonExport {
  readonly #options: PersonExportOptions

  constructor(options: PersonExportOptions) {
    this.#options = options
  }

  /**
   * A zip archive, made while it is read. That it was taken is in the audit trail before its first
   * byte. Fails with `user-not-found`, and `wrong-status` for who was erased. Rejects with
   * `StoreError`; what cannot be read later fails the stream.
   */
  async archive(
    id: UserId,
    actor: string,
  ): Promise<Result<Readable, 'user-not-found' | 'wrong-status'>> {
    const user = await this.#begin(id, actor)
    if (!user.ok) return user
    const zip = new ZipFile()
    const output = zip.outputStream as Readable
    // Whoever goes away in between leaves no file open.
    const ended = new AbortController()
    output.once('close', () => ended.abort())
    this.#fill(zip, user.value, ended.signal).catch((error: unknown) => {
      output.destroy(error instanceof Error ? error : new Error(String(error)))
    })
    return ok(output)
  }

  /**
   * A folder, which must be empty or not there. Fails also with `folder-in-use`. Rejects with the
   * system's error when it cannot be written.
   *
   * @returns how many files it has
   */
  async folder(
    id: UserId,
    folder: string,
    actor: string,
  ): Promise<Result<number, 'user-not-found' | 'wrong-status' | 'folder-in-use'>> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await readdir(folder)).length > 0) return err('folder-in-use')
    const user = await this.#begin(id, actor)
    if (!user.ok) return user
    let count = 0
    for await (const { path, read } of exportedFiles(user.value, this.#options)) {
      const target = join(folder, path)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await pipeline(read(), createWriteStream(target, { flags: 'wx', mode: 0o600 }))
      count++
    }
    return ok(count)
  }

  async #begin(
    id: UserId,
    actor: string,
  ): Promise<Result<User, 'user-not-found' | 'wrong-status'>> {
    const { store, directory, now } = this.#options
    const user = await directory.getUser(id)
    if (user === undefined) return err('user-not-found')
    if (user.status === 'erased') return err('wrong-status')
    await store.commit({ audit: [{ at: now(), actor, action: 'person.exported', subject: id }] })
    return ok(user)
  }

  /** One file after the other: each is read when the one before is in the archive. */
  async #fill(zip: ZipFile, user: User, ended: AbortSignal): Promise<void> {
    for await (const file of exportedFiles(user, this.#options)) {
      await added(zip, file, ended)
      if (ended.aborted) return
    }
    zip.end()
  }
}

/** Resolves when the file is in the archive, or nobody wants it any more. */
const added = (zip: ZipFile, { path, read }: ExportedFile, ended: AbortSignal): Promise<void> =>
  new Promise((done, fail) => {
    zip.addReadStreamLazy(path, { mode: 0o600 }, (take) => {
      const stream = read()
      stream.once('error', fail)
      stream.once('end', done)
      stream.once('close', done)
      ended.addEventListener('abort', () => stream.destroy(), { once: true })
      take(null, stream)
    })
  })
