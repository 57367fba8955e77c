import type { Person, Role } from '@wardline/core/client/views'
import { useState } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './person-picker.module.css'
import { type FoundPeople, usePeople } from './use-people.ts'

interface Props {
  open: boolean
  /** Whom to choose from. */
  role: Role
  onClose: () => void
  findPeople: (query: string) => Promise<FoundPeople>
  /** Starts the chat; rejects when the device could not save it. */
  onChoose: (person: Person) => Promise<void>
}

/** Starting a chat works without a network, with the people this device knows. */
export function PersonPicker({ open, role, onClose, findPeople, onChoose }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title={`Choose a ${role}`} tall>
      <People role={role} findPeople={findPeople} onChoose={onChoose} />
    </Dialog>
  )
}

function People({ role, findPeople, onChoose }: Omit<Props, 'open' | 'onClose'>) {
  const [query, setQuery] = useState('')
  const [choosing, setChoosing] = useState<Person | null>(null)
  const [problem, setProblem] = useState(false)
  const search = usePeople(query, findPeople)
  const found = search.phase === 'found' ? search.found : null
  const shown = found ?? (search.phase === 'searching' ? search.previous : null)

  const choose = async (person: Person) => {
    if (choosing !== null) return
    setChoosing(person)
    setProblem(false)
    try {
      await onChoose(person)
    } catch {
      setProblem(true)
      setChoosing(null)
    }
  }

  return (
    <>
      <div className={styles.search}>
        <SearchField label={`Search ${role}s`} value={query} onChange={setQuery} />
      </div>
      <div aria-live="polite">
        {found?.stale && (
          <p className={styles.note}>Offline. These are the {role}s saved on this device.</p>
        )}
        {problem && (
          <p className={styles.problem}>This chat could not be saved on this device. Try again.</p>
        )}
      </div>
      {shown !== null && shown.people.length > 0 ? (
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
        <ul role="list" className={styles.list} aria-label={`${role}s`}>
          {shown.people.map((person) => (
            <li key={person.id}>
              <button type="button" className={styles.person} onClick={() => void choose(person)}>
                <Avatar id={person.id} name={person.name} size={44} />
                <span className={styles.words}>
                  <span className={styles.name} dir="auto">
                    {person.name}
                  </span>
                  {person.specialty !== undefined && (
                    <span className={styles.detail}>{person.specialty}</span>
                  )}
                </span>
                {choosing === person && <Spinner />}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.empty}>
          {search.phase === 'searching' && <Spinner />}
          {search.phase === 'failed' && `The list of ${role}s could not be loaded.`}
          {found !== null &&
            (query.trim() === '' ? `No ${role}s yet.` : `No ${role} matches “${query.trim()}”.`)}
        </p>
      )}
    </>
  )
}
