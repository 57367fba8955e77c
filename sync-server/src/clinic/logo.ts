/** A clinic's logo, which travels inside of its settings. */

/** Bytes of the image: with the rest of the settings it has to fit into one body of JSON. */
export const MAX_LOGO = 32 * 1024

/** What stands at the start of an image of each type; -1 for a byte that may be any. */
const signatures: Readonly<Record<string, readonly number[]>> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/webp': [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50],
}

/**
 * Why a data URL is no logo; undefined if it is one. What a browser could run (SVG) is none, and
 * neither is what says that it is another type than its bytes.
 */
export const logoProblem = (url: string): 'not-an-image' | 'too-large' | undefined => {
  const [, type = '', base64 = ''] =
    /^data:([a-z/]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(url) ?? []
  const signature = signatures[type]
  if (signature === undefined) return 'not-an-image'
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > MAX_LOGO) return 'too-large'
  const isImage = signature.every((byte, at) => byte === -1 || bytes[at] === byte)
  return isImage ? undefined : 'not-an-image'
}
