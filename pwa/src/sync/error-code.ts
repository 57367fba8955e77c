/** The code in the body of an answer with which the server refused something. */
export const codeIn = (body: string | undefined): string | undefined => {
  try {
    const { error } = JSON.parse(body ?? '') as { error?: { code?: unknown } }
    return typeof error?.code === 'string' ? error.code : undefined
  } catch {
    return undefined
  }
}
