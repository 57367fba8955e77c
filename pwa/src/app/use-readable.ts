import { useSyncExternalStore } from 'react'
import type { Readable } from './live-value.ts'

export const useReadable = <T>(readable: Readable<T>): T =>
  useSyncExternalStore(readable.subscribe, readable.get)
