import { encodeWav, mixDown, RATE } from './wav.ts'

/** A recording as WAV; rejects when the browser cannot read it. */
export const toWav = async (recorded: Blob): Promise<{ wav: Blob; ms: number }> => {
  const context = new OfflineAudioContext(1, 1, RATE)
  const sound = await context.decodeAudioData(await recorded.arrayBuffer())
  const channels = Array.from({ length: sound.numberOfChannels }, (_, n) => sound.getChannelData(n))
  const bytes = encodeWav(mixDown(channels), sound.sampleRate)
  return { wav: new Blob([bytes], { type: 'audio/wav' }), ms: Math.round(sound.duration * 1_000) }
}
