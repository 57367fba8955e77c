import type { Attachment } from '@wardline/core/chat/attachment'
import { useContext, useEffect, useState } from 'react'
import { FilePortContext } from './file-port.ts'
import { toWav } from './to-wav.ts'

/** Largest recording that is unpacked, bytes: some twelve minutes, 25 MB as WAV. */
const LARGEST = 3_000_000

type Playable = { kind: 'as-it-is' } | { kind: 'unpacked'; url: string } | { kind: 'not' }

/**
 * Where a recording can be played from. What an audio element does not play, Web Audio may still
 * decode: they do not always read the same containers.
 *
 * @param url of the file as it is; undefined while it is not here
 */
export const usePlayable = (attachment: Attachment, url: string | undefined) => {
  const port = useContext(FilePortContext)
  const [playable, setPlayable] = useState<Playable>({ kind: 'as-it-is' })
  const unpacked = playable.kind === 'unpacked' ? playable.url : undefined
  useEffect(() => {
    if (unpacked === undefined) return undefined
    return () => URL.revokeObjectURL(unpacked)
  }, [unpacked])

  const unpack = async (): Promise<Playable> => {
    const bytes = attachment.size <= LARGEST ? await port?.peek(attachment) : undefined
    if (bytes === undefined) return { kind: 'not' }
    const { wav } = await toWav(bytes)
    return { kind: 'unpacked', url: URL.createObjectURL(wav) }
  }
  return {
    url: unpacked ?? url,
    unplayable: playable.kind === 'not',
    onUnplayable: () => {
      if (playable.kind !== 'as-it-is') return setPlayable({ kind: 'not' })
      void unpack().then(setPlayable, () => setPlayable({ kind: 'not' }))
    },
  }
}
