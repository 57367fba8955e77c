import type { Person } from '@wardline/core/client/model/views'
import type { ReactNode } from 'react'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './person-picker.module.css'
import type { Search } from './use-people.ts'

interface Props {
  search: Search
  query: string
  /** What one of them is called: "doctor", "patient", "person". */
  noun: string
  plural: string
  /** Of those who were found, whom to show. */
  filter?: (person: Person) => boolean
  children: (person: Person) => ReactNode
}

/** Those whom a search has found, or the words for why there are none. */
export function PeopleList({ search, query, noun, plural, filter, children }: Props) {
  const found = search.phase === 'found' ? search.found : null
  const shown = found ?? (search.phase === 'searching' ? search.previous : null)
  const people = (shown?.people ?? []).filter((person) => filter?.(person) ?? true)
  if (people.length > 0)
    return (
      // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
      <ul role="list" className={styles.list} aria-label={plural}>
        {people.map((person) => (
          <li key={person.id}>{children(person)}</li>
        ))}
      </ul>
    )
  return (
    <p className={styles.empty}>
      {search.phase === 'searching' && <Spinner />}
      {search.phase === 'failed' && `The list of ${plural} could not be loaded.`}
      {found !== null &&
        (query.trim() === '' ? `No ${plural} yet.` : `No ${noun} matches “${query.trim()}”.`)}
    </p>
  )
}
