/** The part of the app that the address names by its path; chats stand in the hash (`route.ts`). */

const MOVED = 'wardline-moved'

export const pathNow = (): string => location.pathname

/** Tells when the path is another one. Returns how to stop listening. */
export const onPath = (listener: () => void): (() => void) => {
  addEventListener('popstate', listener)
  addEventListener(MOVED, listener)
  return () => {
    removeEventListener('popstate', listener)
    removeEventListener(MOVED, listener)
  }
}

/** Goes to another part without loading the app anew. */
export const goToPath = (path: string): void => {
  if (path === location.pathname) return
  history.pushState(null, '', path)
  dispatchEvent(new Event(MOVED))
}

export const isAdminPath = (path: string): boolean => /^\/admin(?:\/|$)/.test(path)
