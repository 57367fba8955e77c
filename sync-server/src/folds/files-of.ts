import { openBody } from '@wardline/core/chat/body'
import type { Message } from '@wardline/core/chat/page'

/** Hashes of the files of a message, with those of its earlier versions; none of what was taken back. */
export const filesOf = async ({ body, history }: Message): Promise<ReadonlySet<string>> => {
  const hashes = new Set<string>()
  for (const sealed of body === null ? history : [body, ...history]) {
    const opened = await openBody(sealed)
    if (opened.kind !== 'content') continue
    for (const { hash } of opened.content.attachments ?? []) hashes.add(hash)
  }
  return hashes
}
