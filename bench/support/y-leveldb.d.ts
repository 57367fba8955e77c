// The package has no types. Only what the bench uses.
declare module 'y-leveldb' {
  export class LeveldbPersistence {
    constructor(folder: string)
    storeUpdate(doc: string, update: Uint8Array): Promise<unknown>
    destroy(): Promise<void>
  }
}
