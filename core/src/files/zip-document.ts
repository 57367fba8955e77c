/** Office documents are ZIP archives; any other archive is not allowed. */
import { decodeUtf8 } from '../base/utf8.ts'
import { type ByteSource, hasText, indexOfText } from './byte-source.ts'

/** The end record and the longest comment after it. */
const END = 22 + 65_535
const LARGEST_DIRECTORY = 4 * 1024 * 1024
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument.'
const OFFICE = 'application/vnd.openxmlformats-officedocument.'

const openKinds = ['text', 'spreadsheet', 'presentation']
const officeTypes: readonly (readonly [string, string])[] = [
  ['word/', `${OFFICE}wordprocessingml.document`],
  ['xl/', `${OFFICE}spreadsheetml.sheet`],
  ['ppt/', `${OFFICE}presentationml.presentation`],
]

/** undefined for an archive that is no document, or one with macros. */
export const zipDocumentType = async (
  source: ByteSource,
  head: Uint8Array,
): Promise<string | undefined> => {
  const names = await namesIn(source)
  if (names === undefined || names.some(isProgram)) return undefined
  if (names[0] === 'mimetype') return openDocumentType(head)
  if (!names.includes('[Content_Types].xml')) return undefined
  return officeTypes.find(([folder]) => names.some((name) => name.startsWith(folder)))?.[1]
}

const isProgram = (name: string): boolean =>
  /vbaProject\.bin$|^Basic\/|^Scripts\/|\.(?:exe|dll|js|jar|class|bat|cmd|sh)$/i.test(name)

/** The first file of an OpenDocument is its media type, not compressed. */
const openDocumentType = (head: Uint8Array): string | undefined => {
  const at = indexOfText(head.subarray(0, 256), OPEN_DOCUMENT)
  const kind = openKinds.find((name) => at > 0 && hasText(head, name, at + OPEN_DOCUMENT.length))
  return kind === undefined ? undefined : OPEN_DOCUMENT + kind
}

/** Names of the archive's files, from its directory; undefined when that cannot be read. */
const namesIn = async (source: ByteSource): Promise<string[] | undefined> => {
  const tailAt = Math.max(0, source.size - END)
  const tail = await source.read(tailAt, END)
  let end = -1
  for (
    let at = indexOfText(tail, 'PK\u0005\u0006');
    at >= 0;
    at = indexOfText(tail, 'PK\u0005\u0006', at + 1)
  )
    end = at
  if (end < 0 || end + 22 > tail.length) return undefined
  const record = new DataView(tail.buffer, tail.byteOffset + end, 22)
  const length = record.getUint32(12, true)
  if (length > LARGEST_DIRECTORY) return undefined
  return directoryNames(await source.read(record.getUint32(16, true), length))
}

const directoryNames = (bytes: Uint8Array): string[] | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const names: string[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 46 > bytes.length || !hasText(bytes, 'PK\u0001\u0002', at)) return undefined
    const name = view.getUint16(at + 28, true)
    const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    try {
      names.push(decodeUtf8(bytes.subarray(at + 46, at + 46 + name)))
    } catch {
      return undefined
    }
    at += 46 + name + rest
  }
  return names
}
