/** Whether this system has a picture for an emoji, and not a box or letters. */
const SIDE = 16

/** Tells it by colour: a box has the one that it is drawn in, a picture its own. */
export const drawnTest = (): ((emoji: string) => boolean) => {
  const canvas = document.createElement('canvas')
  canvas.width = SIDE
  canvas.height = SIDE
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return () => true
  context.textBaseline = 'top'
  context.font = `${SIDE - 4}px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif`
  return (emoji) => {
    context.clearRect(0, 0, SIDE, SIDE)
    context.fillStyle = '#f0f'
    context.fillText(emoji, 0, 0)
    const { data } = context.getImageData(0, 0, SIDE, SIDE)
    for (let at = 0; at < data.length; at += 4)
      if ((data[at + 3] ?? 0) > 128 && (data[at + 1] ?? 0) > 64) return true
    return false
  }
}
