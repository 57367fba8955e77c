/** The methods of something that is on its way. */

type Method = (...given: never[]) => unknown

/**
 * Stands for an object of methods, and of such objects, until it is there: what is called before
 * then is done when it comes, in order. Each method is the same function every time it is asked for.
 *
 * @param parts of methods whose answers are promises, or that answer nothing
 */
export const later = <T extends object>(
  parts: Promise<T>,
  nested: readonly (keyof T)[] = [],
): T => {
  let here: T | undefined
  const known = new Map<PropertyKey, unknown>()
  const arrived = parts.then((there) => {
    here = there
    return there
  })
  // Each call has the failure for itself.
  arrived.catch(() => {})
  const call =
    (name: keyof T) =>
    (...given: never[]) => {
      const run = (on: T) => (on[name] as Method)(...given)
      return here === undefined ? arrived.then(run) : run(here)
    }
  const make = (name: keyof T): unknown =>
    nested.includes(name) ? later(arrived.then((there) => there[name] as object)) : call(name)
  return new Proxy({} as T, {
    get: (_, name) => {
      if (!known.has(name)) known.set(name, make(name as keyof T))
      return known.get(name)
    },
  })
}
