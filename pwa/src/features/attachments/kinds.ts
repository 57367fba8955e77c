/** What a file is to the person, and under which name it is saved. */
import type { Attachment } from '@wardline/core/chat/attachment'
import { isBlank } from '@wardline/core/text/blank'
import { cutStart } from '@wardline/core/text/cut'
import { wellFormed } from '@wardline/core/text/well-formed'

export type FileKind = 'image' | 'audio' | 'file'

/** Types that every browser shows. */
const shown = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif'])

export const kindOf = ({ type }: Pick<Attachment, 'type'>): FileKind => {
  if (shown.has(type)) return 'image'
  return type.startsWith('audio/') ? 'audio' : 'file'
}

/** Endings of each type; the first is put where a name has another. */
const endings: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
  'image/heic': ['heic', 'heif'],
  'application/pdf': ['pdf'],
  'audio/mpeg': ['mp3'],
  'audio/aac': ['aac'],
  'audio/mp4': ['m4a', 'mp4'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/webm': ['webm', 'weba'],
  'audio/wav': ['wav'],
  'text/plain': ['txt', 'text', 'md', 'csv', 'log', 'json'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'application/vnd.oasis.opendocument.presentation': ['odp'],
}

/** "PDF", "DOCX", …; '' for what is not known. */
export const typeLabel = (type: string): string => (endings[type]?.[0] ?? '').toUpperCase()

/** Controls, and marks that turn the direction of text so that an ending looks like another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const deceptive = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/g

/** The name that another person gave, so that it can be shown and saved: it ends as its type does. */
export const safeName = ({ name, type }: Pick<Attachment, 'name' | 'type'>): string => {
  const clean = cutStart(
    wellFormed(name)
      .replace(deceptive, ' ')
      .trim()
      .replace(/^[. ]+/, ''),
    120,
  )
  const known = endings[type] ?? ['bin']
  const ending = /\.([^.]+)$/.exec(clean)?.[1]?.toLowerCase() ?? ''
  const base = isBlank(clean) ? 'file' : clean
  return known.includes(ending) ? base : `${base}.${known[0]}`
}

/** A blob as which nothing of this origin can run, whatever another device said about it. */
export const harmless = (blob: Blob, { type }: Pick<Attachment, 'type'>): Blob => {
  const safe = kindOf({ type }) === 'file' || endings[type] === undefined
  return new Blob([blob], { type: safe ? 'application/octet-stream' : type })
}

export const sizeText = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`
}

/** 75_000 → "1:15". */
export const durationText = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
