import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { momentText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import type { AuditPage, AuditQuery, Problem } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import styles from './audit-screen.module.css'
import { auditKinds, auditWords } from './audit-words.ts'
import { dayEnd, dayStart } from './days.ts'
import { ProblemNote } from './problem-note.tsx'
import { saveFile } from './save-file.ts'

/** What was done, by whom and when. @param about only what concerns this person or chat */
export function AuditScreen({ about }: { about: string | null }) {
  const { api, go } = useAdmin()
  const [action, setAction] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [page, setPage] = useState<AuditPage | null>(null)
  const [busy, setBusy] = useState(true)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [tries, setTries] = useState(0)
  const toast = useToast()

  const query = useCallback(
    (before: string | null): AuditQuery => ({
      about,
      action,
      from: dayStart(from),
      until: dayEnd(until),
      before,
    }),
    [about, action, from, until],
  )

  useEffect(() => {
    let current = true
    setBusy(true)
    void api.audit(query(null)).then((answer) => {
      if (!current) return
      setBusy(false)
      setProblem(answer.ok ? null : answer.problem)
      if (answer.ok) setPage(answer.value)
    })
    return () => {
      current = false
    }
  }, [api, query, tries])

  const older = async () => {
    if (page === null || page.next === null || busy) return
    setBusy(true)
    const answer = await api.audit(query(page.next))
    setBusy(false)
    setProblem(answer.ok ? null : answer.problem)
    if (!answer.ok) return
    const { lines, next, names } = answer.value
    setPage({ lines: [...page.lines, ...lines], next, names: { ...page.names, ...names } })
  }

  const save = async (format: 'csv' | 'json') => {
    setBusy(true)
    const file = await api.exportAudit(query(null), format)
    setBusy(false)
    if (file.ok) saveFile(file.value)
    else toast(file.problem.message)
  }

  return (
    <>
      <div className={styles.head}>
        <h1>Audit</h1>
        <div className={styles.exports}>
          <Button disabled={busy} onClick={() => void save('csv')}>
            <Icon name="download" size={18} />
            CSV
          </Button>
          <Button disabled={busy} onClick={() => void save('json')}>
            <Icon name="download" size={18} />
            JSON
          </Button>
        </div>
      </div>
      {about !== null && (
        <p className={styles.about}>
          <span className={parts.grow}>
            Only about <strong dir="auto">{page?.names[about] ?? about}</strong>
          </span>
          <Button onClick={() => go({ section: 'audit', about: null })}>Show all</Button>
        </p>
      )}
      <div className={styles.filters}>
        <label className={parts.select}>
          Kind
          <select value={action} onChange={(event) => setAction(event.target.value)}>
            {auditKinds.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className={parts.select}>
          From
          <input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label className={parts.select}>
          To
          <input type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
        </label>
      </div>
      {problem !== null && <ProblemNote problem={problem} onRetry={() => setTries(tries + 1)} />}
      <p className={parts.soft} role="status">
        {page !== null && page.lines.length === 0 && !busy
          ? page.next === null
            ? 'Nothing of this kind.'
            : 'Nothing among the newest lines. Look at older ones.'
          : ''}
      </p>
      {page !== null && page.lines.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
        <ol role="list" aria-label="Audit trail" className={styles.lines} aria-busy={busy}>
          {page.lines.map((line) => {
            const { who, did, whom, rest } = auditWords(line, page.names)
            return (
              <li key={line.n} className={styles.line}>
                <time dateTime={new Date(line.at).toISOString()} className={styles.time}>
                  {momentText(line.at)}
                </time>
                <span className={styles.what}>
                  <button
                    type="button"
                    className={styles.who}
                    onClick={() => go({ section: 'audit', about: line.actor })}
                  >
                    <bdi>{who}</bdi>
                  </button>{' '}
                  {did} <bdi>{whom}</bdi>
                  {rest !== '' && <span className={styles.rest}>{rest}</span>}
                </span>
              </li>
            )
          })}
        </ol>
      )}
      {page?.next != null && (
        <Button wide aria-busy={busy} onClick={() => void older()}>
          {busy && <Spinner />}
          Show older
        </Button>
      )}
      {busy && page === null && (
        <p className={parts.waiting}>
          <Spinner /> Loading…
        </p>
      )}
    </>
  )
}
