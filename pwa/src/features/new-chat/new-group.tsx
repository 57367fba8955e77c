import type { ChatId } from '@wardline/core/base/ids'
import type { Person } from '@wardline/core/client/model/views'
import { type FormEvent, useState } from 'react'
import type { GroupsApi } from '../../sync/groups-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { birthText } from '../../ui/time-text.ts'
import { titleProblem } from '../../ui/title-problem.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './new-group.module.css'
import { PeopleList } from './people-list.tsx'
import picker from './person-picker.module.css'
import { PersonRow } from './person-row.tsx'
import { type FoundPeople, usePeople } from './use-people.ts'

const chipText = ({ name, birthDate }: Person, now: number): string =>
  birthDate === undefined ? name : `${name}, ${birthText(birthDate, now)}`

interface Props extends FormProps {
  open: boolean
  onClose: () => void
}

interface FormProps {
  online: readonly Person['id'][]
  findPeople: (query: string) => Promise<FoundPeople>
  create: GroupsApi['create']
  onCreated: (chat: ChatId) => void
}

export function NewGroup({ open, onClose, ...form }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="New group" tall>
      <GroupForm {...form} />
    </Dialog>
  )
}

function GroupForm({ online, findPeople, create, onCreated }: FormProps) {
  const [title, setTitle] = useState('')
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<readonly Person[]>([])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const search = usePeople(query, findPeople)
  const now = useNow()
  const has = ({ id }: Person) => chosen.some((person) => person.id === id)

  const toggle = (person: Person) => {
    setChosen(has(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person])
    setQuery('')
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const unnamed = titleProblem(title)
    if (unnamed !== null) return setProblem(unnamed)
    if (chosen.length === 0) return setProblem('Choose who is in the group.')
    setBusy(true)
    setProblem('')
    const made = await create(
      title.trim(),
      chosen.map(({ id }) => id),
    )
    setBusy(false)
    if (made.ok) onCreated(made.chat)
    else setProblem(made.message)
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <div className={styles.title}>
        <Field
          label="Name of the group"
          value={title}
          autoComplete="off"
          dir="auto"
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      {chosen.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
        <ul role="list" className={styles.chips} aria-label="Members">
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className={styles.chip}
                aria-label={`Remove ${chipText(person, now)}`}
                onClick={() => toggle(person)}
              >
                <bdi>{chipText(person, now)}</bdi>
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={picker.search}>
        <SearchField
          label="Search people"
          value={query}
          onChange={setQuery}
          // Enter looks for people here, and does not make the group.
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
      </div>
      {search.phase === 'found' && search.found.stale && (
        <p className={picker.note} aria-live="polite">
          Offline. You can choose now, and create the group when you are online.
        </p>
      )}
      <PeopleList search={search} query={query} noun="person" plural="people">
        {(person) => (
          <PersonRow
            person={person}
            online={online.includes(person.id)}
            withRole
            chosen={has(person)}
            after={
              <span className={styles.mark}>{has(person) && <Icon name="check" size={18} />}</span>
            }
            onClick={() => toggle(person)}
          />
        )}
      </PeopleList>
      <div className={styles.foot}>
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <Button type="submit" look="primary" wide aria-busy={busy}>
          {busy && <Spinner />}
          Create group
        </Button>
      </div>
    </form>
  )
}
