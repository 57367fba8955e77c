/** The methods of something that is on its way. */

type Method = (...given: never[]) => unknown

/** Each method of an object, and those of the objects in it: what is not named is not there. */
export type Shape<T> = {
  readonly [K in keyof T]-?: T[K] extends Method ? 'method' : Shape<T[K]>
}

/**
 * Stands for an object of methods, and of such objects, until it is there: what is called before
 * then is done when it comes, in order. Each method is the same function every time it is asked for.
 *
 * @param parts of methods whose answers are promises, or that answer nothing
 */
export const later = <T extends object>(parts: Promise<T>, shape: Shape<T>): T => {
  let here: T | undefined
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
  const made: Partial<Record<keyof T, unknown>> = {}
  for (const name of Object.keys(shape) as (keyof T)[]) {
    const inner = shape[name]
    made[name] =
      inner === 'method'
        ? call(name)
        : later(
            arrived.then((there) => there[name] as object),
            inner as Shape<object>,
          )
  }
  return made as T
}
