import { useEffect, useSyncExternalStore } from 'react'
import type { Chunk, ChunkState } from './chunk.ts'

/** @param needed whether to load it if it is not here, also if it did not come the last time */
export const useChunk = <T>(chunk: Chunk<T>, needed: boolean): ChunkState<T> => {
  useEffect(() => {
    // What became of it is its state.
    if (needed) chunk.load().catch(() => {})
  }, [chunk, needed])
  return useSyncExternalStore(chunk.subscribe, chunk.get)
}
