import { ROLES, type Role } from '@wardline/core/chat/role'
import { useEffect, useState } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { bornText } from '../../ui/patients-text.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useNow } from '../../ui/use-now.ts'
import { detailOf, roleNames, statusNames } from './account-words.ts'
import type { Account, Problem, Status } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { pathOf } from './admin-place.ts'
import { InvitePerson } from './invite-person.tsx'
import styles from './people-screen.module.css'
import { ProblemNote } from './problem-note.tsx'
import { StatusChip } from './status-chip.tsx'

const PAUSE = 200
const statuses: readonly Status[] = ['active', 'invited', 'disabled', 'closed', 'erased']

interface Listed {
  readonly people: readonly Account[]
  readonly total: number
}

/** Everybody who has an account, a page at a time. */
export function PeopleScreen() {
  const { api, go } = useAdmin()
  const [query, setQuery] = useState('')
  const [role, setRole] = useState<Role | ''>('')
  const [status, setStatus] = useState<Status | ''>('')
  const [listed, setListed] = useState<Listed | null>(null)
  const [busy, setBusy] = useState(true)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [tries, setTries] = useState(0)
  const [inviting, setInviting] = useState(false)

  useEffect(() => {
    let current = true
    setBusy(true)
    const timer = setTimeout(
      async () => {
        const answer = await api.people({ query: query.trim(), role, status, offset: 0 })
        if (!current) return
        setBusy(false)
        setProblem(answer.ok ? null : answer.problem)
        if (answer.ok) setListed(answer.value)
      },
      query === '' ? 0 : PAUSE,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [api, query, role, status, tries])

  const more = async () => {
    if (listed === null || busy) return
    setBusy(true)
    const offset = listed.people.length
    const answer = await api.people({ query: query.trim(), role, status, offset })
    setBusy(false)
    setProblem(answer.ok ? null : answer.problem)
    if (!answer.ok) return
    const known = new Set(listed.people.map(({ id }) => id))
    const fresh = answer.value.people.filter(({ id }) => !known.has(id))
    setListed({ people: [...listed.people, ...fresh], total: answer.value.total })
  }

  const isSearch = query.trim() !== '' || role !== '' || status !== ''
  return (
    <>
      <div className={styles.head}>
        <h1>People</h1>
        <Button look="primary" onClick={() => setInviting(true)}>
          Invite
        </Button>
      </div>
      <div className={styles.filters}>
        <div className={styles.search}>
          <SearchField label="Name, birth date or email" value={query} onChange={setQuery} />
        </div>
        <label className={parts.select}>
          Role
          <select value={role} onChange={(event) => setRole(event.target.value as Role | '')}>
            <option value="">All</option>
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {roleNames[each]}
              </option>
            ))}
          </select>
        </label>
        <label className={parts.select}>
          Status
          <select value={status} onChange={(event) => setStatus(event.target.value as Status | '')}>
            <option value="">All</option>
            {statuses.map((each) => (
              <option key={each} value={each}>
                {statusNames[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {problem !== null && <ProblemNote problem={problem} onRetry={() => setTries(tries + 1)} />}
      <p className={parts.soft} role="status">
        {listed === null
          ? ''
          : listed.total === 0
            ? isSearch
              ? 'Nobody matches.'
              : 'Nobody has an account yet.'
            : `${listed.total.toLocaleString()} ${listed.total === 1 ? 'account' : 'accounts'}`}
      </p>
      {listed !== null && listed.people.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
        <ul role="list" aria-label="People" className={styles.list} aria-busy={busy}>
          {listed.people.map((account) => (
            <li key={account.id}>
              <Row account={account} onOpen={() => go({ section: 'people', person: account.id })} />
            </li>
          ))}
        </ul>
      )}
      {listed !== null && listed.people.length < listed.total && (
        <Button wide onClick={() => void more()} aria-busy={busy}>
          {busy && <Spinner />}
          Show more
        </Button>
      )}
      {busy && listed === null && (
        <p className={parts.waiting}>
          <Spinner /> Loading…
        </p>
      )}
      <InvitePerson
        open={inviting}
        onClose={() => {
          setInviting(false)
          setTries(tries + 1)
        }}
      />
    </>
  )
}

function Row({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const now = useNow()
  const { id, name, status } = account
  const detail = [detailOf(account), bornText(account, now)].filter(Boolean).join(' · ')
  return (
    <a
      className={styles.row}
      href={pathOf({ section: 'people', person: id })}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onOpen()
      }}
    >
      <Avatar id={id} name={name} size={40} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        <span className={styles.detail}>{detail}</span>
      </span>
      <StatusChip status={status} />
    </a>
  )
}
