/** The text of a file that a spreadsheet has written: which encodings are taken, and which are not. */
import { err, ok, type Result } from '../errors/result.ts'

const SAVE_AS = 'save it as "CSV UTF-8"'

/** Fails with one line that names the encoding, and where it shows. */
export const textOfCsv = (bytes: Uint8Array): Result<string, string> => {
  const [first, second, third] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return err(`the file is in UTF-16: ${SAVE_AS}`)
  const hasMark = first === 0xef && second === 0xbb && third === 0xbf
  const content = hasMark ? bytes.subarray(3) : bytes
  const zero = content.indexOf(0)
  if (zero !== -1)
    return err(`the file is no text in UTF-8, but perhaps UTF-16 or no CSV at all: ${SAVE_AS}`)
  const bad = badByteIn(content)
  if (bad === undefined) return ok(new TextDecoder('utf-8').decode(content))
  const line = lineAt(content, bad)
  return err(
    `line ${line}: the file is not in UTF-8, but perhaps in Windows-1252 or Latin-1: ${SAVE_AS}`,
  )
}

/** Where the first byte is that UTF-8 has not; undefined for none. */
const badByteIn = (bytes: Uint8Array): number | undefined => {
  const isSound = (part: Uint8Array): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(part)
      return true
    } catch {
      return false
    }
  }
  if (isSound(bytes)) return undefined
  // Line by line: a line feed is never part of a longer character.
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from)
    const to = end === -1 ? bytes.length : end + 1
    if (!isSound(bytes.subarray(from, to))) return from
    from = to
  }
  return bytes.length
}

const lineAt = (bytes: Uint8Array, at: number): number => {
  let line = 1
  for (let i = bytes.indexOf(10); i !== -1 && i < at; i = bytes.indexOf(10, i + 1)) line++
  return line
}
