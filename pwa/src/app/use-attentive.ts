import { useSyncExternalStore } from 'react'
import { isAttentive, listenForWake } from '../sync/wake.ts'

const subscribe = (changed: () => void) => listenForWake({ attention: changed })

/** Whether the person looks at the app: what comes into the open chat is read as it comes. */
export const useAttentive = (): boolean => useSyncExternalStore(subscribe, () => isAttentive())
