/**
 * Unpacks one block of Snappy's raw format; undefined for bytes that are none. By hand, because it
 * is forty lines: the format is `format_description.txt` of Snappy.
 */
export const unsnappy = (packed: Uint8Array): Uint8Array | undefined => {
  let at = 0
  let length = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = packed[at++]
    if (byte === undefined || at > 5) return undefined
    length += (byte & 127) * scale
    if (byte < 128) break
  }
  const out = new Uint8Array(length)
  let to = 0
  const number = (bytes: number): number => {
    let value = 0
    for (let i = 0; i < bytes; i++) value += (packed[at++] ?? 0) * 256 ** i
    return value
  }
  while (at < packed.length) {
    const tag = packed[at++] ?? 0
    if ((tag & 3) === 0) {
      const short = tag >>> 2
      const count = short < 60 ? short + 1 : number(short - 59) + 1
      if (to + count > length || at + count > packed.length) return undefined
      out.set(packed.subarray(at, at + count), to)
      at += count
      to += count
      continue
    }
    const kind = tag & 3
    const count = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    const back = kind === 1 ? (tag >>> 5) * 256 + number(1) : number(kind === 2 ? 2 : 4)
    if (back === 0 || back > to || to + count > length) return undefined
    // What is copied may be what is being written.
    for (let i = 0; i < count; i++, to++) out[to] = out[to - back] ?? 0
  }
  return to === length ? out : undefined
}
