/**
 * All that the page begins with, in one file of the build. By itself the bundler cuts out what a later
 * part of the app uses as well, into files that are asked for at the same time all the same: each
 * costs a request, and what repeats over several compresses worse than over one.
 *
 * @param {string} entry path of the module that the page loads
 */
export const firstChunk = (entry) => {
  /** @type {Set<string> | undefined} */
  let first
  return {
    debugName: 'first',
    /** Name of the file that a module belongs to; null leaves that to the bundler. */
    name: (id, context) => {
      first ??= staticallyFrom(entry, (each) => context.getModuleInfo(each))
      // What modules of the bundler's own lean on is needed by all.
      return first.has(id) || id.includes('rolldown/runtime') ? 'first' : null
    },
  }
}

/** A module, and what it imports at once; not what comes later by `import()`. */
const staticallyFrom = (entry, getModuleInfo) => {
  const found = new Set()
  const left = [entry]
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue
    found.add(id)
    left.push(...(getModuleInfo(id)?.importedIds ?? []))
  }
  return found
}
