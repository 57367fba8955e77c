/** What a message that has only files says of them where there is one line. */
import type { IconName } from './icon.tsx'

interface Brief {
  files: number
  file: { name: string; type: string } | null
}

/** The app names what it records so; see `voice-note.ts`. */
const VOICE_NOTE = 'Voice note'

const kinds: readonly (readonly [start: string, icon: IconName, one: string, many: string])[] = [
  ['image/', 'image', 'Picture', 'pictures'],
  ['video/', 'file', 'Video', 'videos'],
  ['audio/', 'mic', 'Recording', 'recordings'],
]

/** The kind of the first stands for all of them, which were sent together. */
export const filesText = ({ files, file }: Brief): { icon: IconName; text: string } => {
  if (file === null) return { icon: 'clip', text: files === 1 ? 'File' : `${files} files` }
  const kind = kinds.find(([start]) => file.type.startsWith(start))
  if (files > 1) return { icon: kind?.[1] ?? 'clip', text: `${files} ${kind?.[3] ?? 'files'}` }
  if (kind === undefined) return { icon: 'clip', text: file.name }
  const [, icon, one] = kind
  return { icon, text: icon === 'mic' && file.name.startsWith(VOICE_NOTE) ? VOICE_NOTE : one }
}
