import type { Person } from '@wardline/core/client/model/views'
import { type ReactNode, useState } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { PeopleList } from './people-list.tsx'
import styles from './person-picker.module.css'
import { PersonRow } from './person-row.tsx'
import { type FoundPeople, usePeople } from './use-people.ts'

interface Props extends PeopleProps {
  open: boolean
  title: string
  onClose: () => void
}

interface PeopleProps {
  /** What one of them is called: "doctor", "patient", "person"; and several. */
  noun: string
  plural: string
  online: readonly Person['id'][]
  /** Whom to leave out. */
  without?: readonly Person['id'][]
  findPeople: (query: string) => Promise<FoundPeople>
  /** Rejects with an `Error` whose message is for the person. */
  onChoose: (person: Person) => Promise<void>
  /** Above the list. */
  first?: ReactNode
}

/** Choosing somebody works without a network, among the people this device knows. */
export function PersonPicker({ open, title, onClose, ...people }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title={title} tall>
      <People {...people} />
    </Dialog>
  )
}

function People({ noun, plural, online, without, findPeople, onChoose, first }: PeopleProps) {
  const [query, setQuery] = useState('')
  const [choosing, setChoosing] = useState<Person | null>(null)
  const [problem, setProblem] = useState('')
  const search = usePeople(query, findPeople)

  const choose = async (person: Person) => {
    if (choosing !== null) return
    setChoosing(person)
    setProblem('')
    try {
      await onChoose(person)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work. Try again.')
      setChoosing(null)
    }
  }

  return (
    <>
      <div className={styles.search}>
        <SearchField label={`Search ${plural}`} value={query} onChange={setQuery} />
      </div>
      <div aria-live="polite">
        {search.phase === 'found' && search.found.stale && (
          <p className={styles.note}>Offline. These are the {plural} saved on this device.</p>
        )}
        {problem !== '' && <p className={styles.problem}>{problem}</p>}
      </div>
      {first}
      <PeopleList
        search={search}
        query={query}
        noun={noun}
        plural={plural}
        filter={({ id }) => without?.includes(id) !== true}
      >
        {(person) => (
          <PersonRow
            person={person}
            online={online.includes(person.id)}
            withRole={noun === 'person'}
            after={choosing === person && <Spinner />}
            onClick={() => void choose(person)}
          />
        )}
      </PeopleList>
    </>
  )
}
