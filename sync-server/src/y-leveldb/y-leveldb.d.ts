/** The package has no types that its exports reach. What is used of it, as its sources say. */
declare module 'y-leveldb' {
  import type * as Y from 'yjs'

  /**
   * Every method resolves with null when it failed: the package prints the error and goes on. One
   * that has nothing to say resolves with undefined.
   */
  export class LeveldbPersistence {
    constructor(folder: string, options?: { levelOptions?: { createIfMissing?: boolean } })
    getAllDocNames(): Promise<string[] | null>
    getYDoc(doc: string): Promise<Y.Doc | null>
    getStateVector(doc: string): Promise<Uint8Array | null>
    storeUpdate(doc: string, update: Uint8Array): Promise<number | null>
    destroy(): Promise<undefined | null>
  }
}
