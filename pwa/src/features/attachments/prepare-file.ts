/** From what a person picked to what can be sent, or why it cannot. */
import { detectType } from '@wardline/core/files/detect-type'
import { hashOf } from '../../base/hash-of.ts'
import { audioDuration } from './audio-duration.ts'
import { blobSource } from './blob-source.ts'
import type { ReadyFile } from './file-port.ts'
import { kindOf, safeName } from './kinds.ts'
import { changedText, pictureReason, refusedReason, tooLarge, unreadable } from './refused-file.ts'
import { shrinkImage } from './shrink-image.ts'

const LARGEST = 100 * 1024 * 1024

export type Prepared =
  | {
      ok: true
      file: ReadyFile
      /** Why it has another name than what was picked. */
      changed?: string | undefined
    }
  | { ok: false; name: string; reason: string }

export const prepareFile = async (file: File): Promise<Prepared> => {
  const refused = (reason: string): Prepared => ({ ok: false, name: file.name, reason })
  try {
    if (file.size > LARGEST) return refused(tooLarge)
    const type = await detectType(blobSource(file))
    if (type === undefined) return refused(refusedReason(file))
    if (type === 'image/heic' || (kindOf({ type }) === 'image' && type !== 'image/gif'))
      return (
        (await prepareImage(file, type)) ??
        refused(pictureReason({ isHeic: type === 'image/heic' }))
      )
    const duration = kindOf({ type }) === 'audio' ? await audioDuration(file) : undefined
    const ready = await readyFile(file, { name: file.name, type, duration })
    return { ok: true, file: ready, changed: changedText(file.name, ready.attachment.name, false) }
  } catch {
    return refused(unreadable)
  }
}

const prepareImage = async (file: File, type: string): Promise<Prepared | undefined> => {
  const drawn = await shrinkImage(file, type)
  if (drawn === undefined) return undefined
  const { blob, width, height, preview } = drawn
  const name = file.name.replace(/\.[^.]*$/, '')
  const ready = await readyFile(blob, { name, type: blob.type, width, height, preview })
  return { ok: true, file: ready, changed: changedText(file.name, ready.attachment.name, true) }
}

interface Known {
  name: string
  type: string
  width?: number
  height?: number
  duration?: number | undefined
  preview?: string | undefined
}

/** Names the bytes by their content. */
export const readyFile = async (bytes: Blob, known: Known): Promise<ReadyFile> => {
  const { name, type, width, height, duration, preview } = known
  const hash = await hashOf(await bytes.arrayBuffer())
  return {
    bytes,
    attachment: {
      hash,
      name: safeName({ name, type }),
      type,
      size: bytes.size,
      ...(width !== undefined && height !== undefined && { width, height }),
      ...(duration !== undefined && { duration }),
      ...(preview !== undefined && { preview }),
    },
  }
}
