import type { Store } from './store.ts'

/**
 * For tests: has something happen right after a record was read for the `nth` time, before who read
 * it goes on. Says whether it was read so often.
 */
export const afterRead = (
  store: Store,
  key: string,
  nth: number,
  act: () => Promise<unknown>,
): (() => boolean) => {
  const read = store.getRecord.bind(store)
  let reads = 0
  store.getRecord = async (asked) => {
    const found = await read(asked)
    if (asked === key && ++reads === nth) await act()
    return found
  }
  return () => {
    store.getRecord = read
    return reads >= nth
  }
}
