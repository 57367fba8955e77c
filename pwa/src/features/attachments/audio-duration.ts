/** How long, in ms, a recording is; undefined when the browser cannot tell. */
export const audioDuration = (file: Blob): Promise<number | undefined> =>
  new Promise((resolve) => {
    const url = URL.createObjectURL(file)
    const audio = new Audio()
    const done = (ms: number | undefined) => {
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
