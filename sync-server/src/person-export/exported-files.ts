/**
 * What a person is given of what the clinic has of them: their account, and each chat that they are
 * in as they read it, with its files.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { History } from '../api/history.ts'
import { MAX_PAGE } from '../api/schemas.ts'
import { membersFor } from '../directory/chat-record.ts'
import type { Directory, Membership } from '../directory/directory.ts'
import type { User } from '../directory/user.ts'
import { apiDevice, type ChatCaller } from '../folds/chat-caller.ts'
import { readMessageId } from '../folds/message-id.ts'
import type { MessageJson } from '../folds/message-schema.ts'

/** A file of an export. */
export interface ExportedFile {
  /** Below the folder of the export, with `/` between folders. */
  readonly path: string
  /** To be called once. What cannot be read fails the stream. */
  read(): Readable
}

export interface ExportSources {
  readonly directory: Pick<Directory, 'getUser' | 'chatsOf'>
  readonly history: Pick<History, 'read'>
  /** Where the bytes of a file lie. */
  filePath(hash: string): string
}

/** The files, one after the other as they are asked for. Rejects with `StoreError`. */
export async function* exportedFiles(
  user: User,
  { directory, history, filePath }: ExportSources,
): AsyncGenerator<ExportedFile> {
  yield text('account.json', [json(accountOf(user))])
  for (const membership of await directory.chatsOf(user.id)) {
    const { chat } = membership
    const folder = `chats/${chat.id}`
    yield text(`${folder}/chat.json`, [json(aboutChat(user, membership))])
    const files = new Map<string, string>()
    const caller = { user: user.id, chat, index: membership.index, device: apiDevice() }
    yield text(`${folder}/messages.json`, messagesAsText(history, caller, files))
    // Known once the messages were read.
    for (const [hash, name] of files) {
      const path = filePath(hash)
      if (await isThere(path))
        yield { path: `${folder}/files/${name}`, read: () => createReadStream(path) }
    }
  }
}

const text = (path: string, content: Iterable<string> | AsyncIterable<string>): ExportedFile => ({
  path,
  read: () => Readable.from(content, { objectMode: false }),
})

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const accountOf = ({ id, name, roles, status, specialty, birthDate, email }: User): object => ({
  ...{ id, name, roles, status, specialty, birthDate, email },
})

const aboutChat = (user: User, { chat, index }: Membership): object => {
  const { id, kind, createdAt, members, group } = chat
  const viewer = members.find((member) => member.index === index)?.role ?? user.role
  const shown = membersFor(members, kind, viewer)
  return { id, kind, title: group?.title, createdAt, members: shown }
}

/** Newest first, as JSON; notes the files that they have. */
async function* messagesAsText(
  history: Pick<History, 'read'>,
  caller: ChatCaller,
  files: Map<string, string>,
): AsyncGenerator<string> {
  let before: ReturnType<typeof readMessageId>
  let isFirst = true
  yield '['
  for (;;) {
    const read = await history.read(caller, { before, limit: MAX_PAGE }, false)
    if (!read.ok) throw new Error(`the history of ${caller.chat.id}: ${read.error.code}`)
    const { messages, hasMore } = read.value
    for (const message of messages) {
      noteFiles(message, files)
      yield `${isFirst ? '\n' : ',\n'}${JSON.stringify(message)}`
      isFirst = false
    }
    const last = messages.at(-1)
    if (!hasMore || last === undefined) break
    before = readMessageId(last.id)
  }
  yield '\n]\n'
}

const noteFiles = ({ attachments }: MessageJson, files: Map<string, string>): void => {
  for (const { hash, name } of attachments) files.set(hash, fileName(hash, name))
}

/** Under which no two files, and no path outside of the folder, can be meant. */
const fileName = (hash: string, name: string): string => {
  const plain = name.replace(/[^\p{L}\p{N} ._-]/gu, '_').replace(/^\.+/, '')
  return `${hash.slice(0, 12)} ${plain.slice(-100)}`
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
