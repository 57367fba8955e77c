import type { Person } from '@wardline/core/client/model/views'
import { useEffect, useState } from 'react'
import { useSteady } from '../../ui/use-steady.ts'

export interface FoundPeople {
  people: readonly Person[]
  /** From this device only; the server was not asked. */
  stale: boolean
}

export type Search =
  | { phase: 'searching'; previous: FoundPeople | null }
  | { phase: 'found'; found: FoundPeople }
  | { phase: 'failed' }

const PAUSE = 180

/**
 * Searches while the query changes; an answer to an earlier query is dropped, and one that comes
 * while somebody is being pressed waits.
 */
export const usePeople = (
  query: string,
  findPeople: (query: string) => Promise<FoundPeople>,
): Search => {
  const [search, setSearch] = useState<Search>({ phase: 'searching', previous: null })
  useEffect(() => {
    let current = true
    setSearch((before) => ({
      phase: 'searching',
      previous: before.phase === 'found' ? before.found : null,
    }))
    const timer = setTimeout(
      () =>
        findPeople(query.trim()).then(
          (found) => current && setSearch({ phase: 'found', found }),
          () => current && setSearch({ phase: 'failed' }),
        ),
      query === '' ? 0 : PAUSE,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [query, findPeople])
  return useSteady(search)
}
