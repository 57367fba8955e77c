/** The sound of a new message, made on the spot, and whether the person wants it. */

const OFF = 'wardline-sound-off'
/** The message that a tab of this browser made its sound for already. */
const SOUNDED = 'wardline-sounded'

export const isSoundOn = (): boolean => localStorage.getItem(OFF) === null

export const setSound = (on: boolean): void => {
  if (on) localStorage.removeItem(OFF)
  else localStorage.setItem(OFF, '')
}

/** Two soft notes: start in seconds, pitch in hertz. */
const notes = [
  [0, 659],
  [0.11, 880],
] as const
const LENGTH = 0.32
const LOUD = 0.07

let audio: AudioContext | undefined

/** Once for all tabs. Silent until the person has touched the page: browsers want that. */
export const playSound = (message: string): void => {
  if (!isSoundOn() || localStorage.getItem(SOUNDED) === message) return
  localStorage.setItem(SOUNDED, message)
  if (!navigator.userActivation?.hasBeenActive) return
  audio ??= new AudioContext()
  const { currentTime, destination } = audio
  for (const [start, pitch] of notes) {
    const from = currentTime + start
    const tone = new OscillatorNode(audio, { type: 'sine', frequency: pitch })
    const loudness = new GainNode(audio, { gain: 0 })
    loudness.gain.setValueAtTime(0, from)
    loudness.gain.linearRampToValueAtTime(LOUD, from + 0.015)
    loudness.gain.exponentialRampToValueAtTime(0.0001, from + LENGTH)
    tone.connect(loudness).connect(destination)
    tone.start(from)
    tone.stop(from + LENGTH)
  }
  if (audio.state === 'suspended') audio.resume().catch(() => {})
}
