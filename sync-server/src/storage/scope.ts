import type { DocName } from '@wardline/core/base/ids'

/**
 * The first two segments of a document's name, `user/<id>` or `chat/<id>`: what a person has or
 * has no access to as a whole.
 */
export const scopeOf = (doc: DocName): string => {
  const second = doc.indexOf('/', doc.indexOf('/') + 1)
  return second === -1 ? doc : doc.slice(0, second)
}

/** Whether a scope has the document of its own name alone: nothing lies inside a user's. */
export const isDocAlone = (scope: string): boolean => scope.startsWith('user/')
