/** From what the browser recorded to what can be sent. */
import { detectType } from '@wardline/core/files/detect-type'
import { audioDuration } from './audio-duration.ts'
import { blobSource } from './blob-source.ts'
import type { ReadyFile } from './file-port.ts'
import { readyFile } from './prepare-file.ts'
import { toWav } from './to-wav.ts'

/** Longest voice note, ms. */
export const LONGEST_NOTE = 5 * 60_000

/** By the bytes, as the server will tell them. */
const sentAsRecorded = new Set(['audio/mp4', 'audio/webm', 'audio/ogg'])

/**
 * @param ms how long it was recorded, which the file itself often does not say
 * Rejects when the browser cannot read what it recorded.
 */
export const voiceNote = async (recorded: Blob, ms: number): Promise<ReadyFile> => {
  const stamp = new Date().toISOString().slice(0, 16).replace('T', ' ').replace(':', '.')
  const name = `Voice note ${stamp}`
  const type = await detectType(blobSource(recorded))
  if (type !== undefined && sentAsRecorded.has(type)) {
    const duration = (await audioDuration(recorded)) ?? Math.round(ms)
    return readyFile(recorded, { name, type, duration })
  }
  const { wav, ms: duration } = await toWav(recorded)
  return readyFile(wav, { name, type: 'audio/wav', duration })
}
