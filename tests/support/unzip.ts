/** What an archive holds, read by its central directory, as the tools do that people open it with. */
import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50

/** By path, as text. Throws for what is no archive, or one without an end. */
export const unzip = (archive: Buffer): Record<string, string> => {
  let end = archive.length - 22
  while (archive.readUInt32LE(end) !== END) end--
  let at = archive.readUInt32LE(end + 16)
  const files: Record<string, string> = {}
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error('no entry of a central directory')
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field))
    const from = archive.readUInt32LE(at + 42)
    const path = archive.toString('utf8', at + 46, at + 46 + (name ?? 0))
    const start = from + 30 + archive.readUInt16LE(from + 26) + archive.readUInt16LE(from + 28)
    const bytes = archive.subarray(start, start + size)
    files[path] = (method === 0 ? bytes : inflateRawSync(bytes)).toString()
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return files
}
