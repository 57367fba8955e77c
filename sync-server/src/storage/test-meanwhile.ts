import type { Store } from './store.ts'

/**
 * For tests: has something happen right after a record was read for the `nth` time, before who read
 * it goes on.
 */
export const afterRead = (
  store: Store,
  key: string,
  nth: number,
  act: () => Promise<unknown>,
): (() => Promise<boolean>) => {
  const read = store.getRecord.bind(store)
  let reads = 0
  let acted: Promise<unknown> | undefined
  store.getRecord = async (asked) => {
    const found = await read(asked)
    if (asked === key && ++reads === nth) {
      acted = act()
      await acted
    }
    return found
  }
  return async () => {
    store.getRecord = read
    await acted
    return acted !== undefined
  }
}
