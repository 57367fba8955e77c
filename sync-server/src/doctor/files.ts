/** Whether the bytes of every file are there, and are those that its name says. */
import type { BlobStore } from '../files/blob-store.ts'
import { BYTES_PREFIX, bytesKey, FILE_PREFIX, readFileKey } from '../files/file-record.ts'
import type { LevelStore } from '../storage/level-store.ts'
import type { Problem } from './problem.ts'

/** Hashes of the files that some chat has, in the order of their names; a part of them at a time. */
export async function* hashesIn(store: Pick<LevelStore, 'listRecords'>): AsyncIterable<string> {
  for (let slice = 0; slice < 256; slice++) {
    const prefix = BYTES_PREFIX + slice.toString(16).padStart(2, '0')
    const keys = (await store.listRecords(prefix)).map(({ key }) => key)
    yield* new Set(keys.map((key) => key.split('/')[1] ?? ''))
  }
}

export const lookAtFiles = async (
  store: Pick<LevelStore, 'listRecords'>,
  blobs: BlobStore,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = []
  for await (const hash of hashesIn(store)) {
    const state = await blobs.look(hash)
    if (state !== 'whole') problems.push({ kind: 'file', what: `file ${hash}: ${state}` })
  }
  return [...problems, ...(await lookAtFileRecords(store))]
}

/** Whether each file of a chat is among those whose bytes are kept, and the other way round. */
export const lookAtFileRecords = async (
  store: Pick<LevelStore, 'listRecords'>,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = []
  const kept = new Set((await store.listRecords(BYTES_PREFIX)).map(({ key }) => key))
  for (const { key } of await store.listRecords(FILE_PREFIX)) {
    const place = readFileKey(key)
    if (place !== undefined && kept.delete(bytesKey(place.hash, place.chat))) continue
    const what = `file ${place?.hash ?? key}: chat ${place?.chat} has it, and its bytes are not kept`
    problems.push({ kind: 'file', what })
  }
  for (const key of kept) {
    const [, hash, chat] = key.split('/')
    problems.push({ kind: 'file', what: `file ${hash}: kept for chat ${chat}, which has it not` })
  }
  return problems
}
