import { useSyncExternalStore } from 'react'
import type { Readable } from './ports.ts'

export const useReadable = <T>(readable: Readable<T>): T =>
  useSyncExternalStore(readable.subscribe, readable.get)
