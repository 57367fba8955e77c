/** Whether the browser may delete what this device holds when it runs short of room. */

/** The part of `navigator.storage` that is used; older browsers lack all or some of it. */
export interface StorageSupport {
  persisted?(): Promise<boolean>
  persist?(): Promise<boolean>
  estimate?(): Promise<{ usage?: number; quota?: number }>
}

export type Persistence =
  /** The browser keeps everything until the person deletes it. */
  | { kind: 'kept' }
  /** It may delete everything at once. */
  | { kind: 'evictable' }
  /** It does not say. */
  | { kind: 'unknown' }

const browserStorage = (): StorageSupport | undefined =>
  typeof navigator === 'undefined' ? undefined : navigator.storage

/**
 * Asks the browser to keep the data. To be called once, after sign-in: some browsers then ask the
 * person, and nobody has reason to agree before. Never rejects.
 */
export const askToKeep = async (
  storage: StorageSupport | undefined = browserStorage(),
): Promise<Persistence> => {
  if (storage?.persisted === undefined || storage.persist === undefined) return { kind: 'unknown' }
  try {
    if ((await storage.persisted()) || (await storage.persist())) return { kind: 'kept' }
  } catch {
    return { kind: 'unknown' }
  }
  return { kind: 'evictable' }
}

/** How it stands, without asking for anything. Never rejects. */
export const persistence = async (
  storage: StorageSupport | undefined = browserStorage(),
): Promise<Persistence> => {
  const kept = await storage?.persisted?.().catch(() => undefined)
  if (kept === undefined) return { kind: 'unknown' }
  return { kind: kept ? 'kept' : 'evictable' }
}

/** Bytes in use by this origin and the most it may use, as far as the browser tells. */
export interface StorageRoom {
  used: number
  quota: number
}

/** undefined when the browser does not tell. Never rejects. */
export const storageRoom = async (
  storage: StorageSupport | undefined = browserStorage(),
): Promise<StorageRoom | undefined> => {
  try {
    const { usage, quota } = (await storage?.estimate?.()) ?? {}
    return usage === undefined || quota === undefined ? undefined : { used: usage, quota }
  } catch {
    return undefined
  }
}
