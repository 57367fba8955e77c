import { useEffect } from 'react'
import { whenIdle } from '../base/when-idle.ts'
import { chatChunk, layersChunk } from './chunks.ts'

/**
 * Once the list is there, loads what is opened from it, so that nobody waits for that.
 *
 * @param ready whether what matters more is here
 */
export const usePrefetch = (ready: boolean): void => {
  useEffect(() => {
    if (!ready) return
    return whenIdle(() => {
      // What fails is loaded when it is needed, which says so.
      void Promise.allSettled([chatChunk.load(), layersChunk.load()])
    })
  }, [ready])
}
