/** How long, in ms, a browser may take to begin with a file that it was given. */
const TAKEN = 60_000

/** Saves a plain text as a file of this name, as a download is saved. */
export const saveText = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), TAKEN)
}
