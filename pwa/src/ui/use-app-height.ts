import { useEffect } from 'react'

/**
 * Keeps `--app-height` and `--app-top` at the part of the window that a keyboard leaves free.
 * `100dvh` does not know about the keyboard on iOS; only the visual viewport does.
 */
export const useAppHeight = (): void => {
  useEffect(() => {
    const viewport = window.visualViewport
    if (viewport === null) return
    const root = document.documentElement
    const update = () => {
      // A pinch zoom also shrinks the visual viewport; the layout must not follow that.
      if (viewport.scale > 1.01) return
      root.style.setProperty('--app-height', `${viewport.height}px`)
      root.style.setProperty('--app-top', `${viewport.offsetTop}px`)
    }
    update()
    viewport.addEventListener('resize', update)
    viewport.addEventListener('scroll', update)
    return () => {
      viewport.removeEventListener('resize', update)
      viewport.removeEventListener('scroll', update)
    }
  }, [])
}
