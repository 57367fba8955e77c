/** From what the browser recorded to what every browser plays. */
import type { ReadyFile } from './file-port.ts'
import { readyFile } from './prepare-file.ts'
import { encodeWav, mixDown, RATE } from './wav.ts'

/** Longest voice note, ms. */
export const LONGEST_NOTE = 5 * 60_000

/** AAC in MP4 plays everywhere; what else browsers record does not, and becomes WAV. */
const playsEverywhere = (type: string): boolean =>
  type.startsWith('audio/mp4') && !type.includes('opus')

/** Rejects when the browser cannot read what it recorded. */
export const voiceNote = async (recorded: Blob, ms: number): Promise<ReadyFile> => {
  const stamp = new Date().toISOString().slice(0, 16).replace('T', ' ').replace(':', '.')
  const name = `Voice note ${stamp}`
  if (playsEverywhere(recorded.type))
    return readyFile(recorded, { name, type: 'audio/mp4', duration: Math.round(ms) })
  const context = new OfflineAudioContext(1, 1, RATE)
  const sound = await context.decodeAudioData(await recorded.arrayBuffer())
  const channels = Array.from({ length: sound.numberOfChannels }, (_, n) => sound.getChannelData(n))
  const bytes = new Blob([encodeWav(mixDown(channels), sound.sampleRate)])
  const duration = Math.round(sound.duration * 1_000)
  return readyFile(bytes, { name, type: 'audio/wav', duration })
}
