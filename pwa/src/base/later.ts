type Calls<A> = { [name in keyof A]: (...args: never[]) => Promise<unknown> }

/**
 * An object of functions that is loaded when one of them is called. What does not come answers as
 * without a network, which is what it is.
 *
 * @param load once it has come it is not asked again
 * @param away what each function answers then
 */
export const later = <A extends Calls<A>>(
  load: () => Promise<A>,
  away: { readonly [name in keyof A]: Awaited<ReturnType<A[name]>> },
): A => {
  let loading: Promise<A | undefined> | undefined
  const loaded = (): Promise<A | undefined> => {
    loading ??= load().catch(() => {
      loading = undefined
      return undefined
    })
    return loading
  }
  const names = Object.keys(away) as (keyof A)[]
  const calls = names.map((name) => [
    name,
    async (...args: never[]) => {
      const all = await loaded()
      return all === undefined ? away[name] : all[name](...args)
    },
  ])
  return Object.fromEntries(calls) as A
}
