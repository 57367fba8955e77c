/** A picture made small enough for a logo, which travels with the clinic's settings. */

/** Bytes, as the server has it. */
const MOST = 32 * 1024
/** The largest first; px. */
const boxes = [
  [384, 192],
  [256, 128],
  [128, 64],
] as const
/** What keeps what can be seen through, and the sharpest first. */
const forms = [
  ['image/png', 1],
  ['image/webp', 0.9],
  ['image/webp', 0.6],
] as const

/** A data URL; undefined for what no picture can be made of. */
export const shrinkLogo = async (file: Blob): Promise<string | undefined> => {
  const picture = await pictureOf(file)
  if (picture === undefined) return undefined
  try {
    for (const [width, height] of boxes)
      for (const [type, quality] of forms) {
        const made = await drawn(picture, width, height, type, quality)
        // A browser that cannot make a type makes another one.
        if (made !== undefined && made.type === type && made.size <= MOST) return dataUrl(made)
      }
    return undefined
  } finally {
    URL.revokeObjectURL(picture.src)
  }
}

/** By an element, which draws SVG too. */
const pictureOf = async (file: Blob): Promise<HTMLImageElement | undefined> => {
  const image = new Image()
  image.src = URL.createObjectURL(file)
  try {
    await image.decode()
    return image
  } catch {
    URL.revokeObjectURL(image.src)
    return undefined
  }
}

const drawn = async (
  picture: HTMLImageElement,
  width: number,
  height: number,
  type: string,
  quality: number,
): Promise<Blob | undefined> => {
  const [own, tall] = [picture.naturalWidth || width, picture.naturalHeight || height]
  const scale = Math.min(1, width / own, height / tall)
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(own * scale))
  canvas.height = Math.max(1, Math.round(tall * scale))
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? undefined), type, quality))
}

const dataUrl = (blob: Blob): Promise<string> =>
  new Promise((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result))
    reader.onerror = () => fail(reader.error)
    reader.readAsDataURL(blob)
  })
