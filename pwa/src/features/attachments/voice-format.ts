/** What a voice note is recorded as: docs/adr/0013-voice-notes-as-browsers-record-them.md. */

/** Of speech, one channel, bits per second: 180 kB a minute. */
const OPUS = 24_000
/** AAC needs more for the same. */
const AAC = 32_000

/** The first that a browser records is what plays in most of the others. */
const formats: readonly MediaRecorderOptions[] = [
  { mimeType: 'audio/mp4;codecs=mp4a.40.2', audioBitsPerSecond: AAC },
  { mimeType: 'audio/mp4;codecs=opus', audioBitsPerSecond: OPUS },
  { mimeType: 'audio/ogg;codecs=opus', audioBitsPerSecond: OPUS },
  { mimeType: 'audio/webm;codecs=opus', audioBitsPerSecond: OPUS },
]

/** Nothing of it where the browser knows none of them: what it records then becomes WAV. */
export const voiceFormat = (
  isSupported: (type: string) => boolean = (type) => MediaRecorder.isTypeSupported(type),
): MediaRecorderOptions => formats.find(({ mimeType = '' }) => isSupported(mimeType)) ?? {}
