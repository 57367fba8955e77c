/** Longest that a browser is asked, ms: of some files it never says anything. */
const PATIENCE = 5_000

/** How long, in ms, a recording is; undefined when the browser cannot tell. */
export const audioDuration = (file: Blob): Promise<number | undefined> =>
  new Promise((resolve) => {
    const url = URL.createObjectURL(file)
    const audio = new Audio()
    const timer = setTimeout(() => done(undefined), PATIENCE)
    const done = (ms: number | undefined) => {
      clearTimeout(timer)
      URL.revokeObjectURL(url)
      resolve(ms)
    }
    audio.preload = 'metadata'
    audio.addEventListener('loadedmetadata', () =>
      done(Number.isFinite(audio.duration) ? Math.round(audio.duration * 1_000) : undefined),
    )
    audio.addEventListener('error', () => done(undefined))
    audio.src = url
  })
