import { Button } from '../../ui/button.tsx'
import { momentText } from '../../ui/time-text.ts'
import type { ServerHealth } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { bytesText } from './bytes-text.ts'
import styles from './health-screen.module.css'
import { noteWords } from './health-words.ts'
import { Loaded } from './loaded.tsx'
import { useLoad } from './use-load.ts'

/** What an admin looks at before calling somebody. */
export function HealthScreen() {
  const { api } = useAdmin()
  const [load, reload] = useLoad('health', () => api.health())
  return (
    <>
      <div className={styles.head}>
        <h1>Health</h1>
        <Button aria-busy={load.phase === 'loading'} onClick={() => void reload()}>
          Look again
        </Button>
      </div>
      <Loaded load={load} onRetry={() => void reload()}>
        {(health) => (
          <>
            <Notes health={health} />
            <dl className={styles.facts}>
              {factsOf(health).map(({ term, value, hint }) => (
                <div key={term} className={parts.card}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                  {hint !== undefined && <dd className={parts.soft}>{hint}</dd>}
                </div>
              ))}
            </dl>
          </>
        )}
      </Loaded>
    </>
  )
}

function Notes({ health: { saves, notes } }: { health: ServerHealth }) {
  if (saves.ok && notes.length === 0)
    return (
      <p className={styles.well} role="status">
        All is well: what people write is saved.
      </p>
    )
  return (
    <ul className={styles.notes} aria-label="To look at">
      {!saves.ok && (
        <li className={parts.refused}>The server cannot save right now. Look at its disk.</li>
      )}
      {notes.map(({ code, count }) => (
        <li key={code} className={parts.offline}>
          {noteWords(code, count)}
        </li>
      ))}
    </ul>
  )
}

interface Fact {
  readonly term: string
  readonly value: string
  readonly hint?: string
}

const factsOf = (health: ServerHealth): readonly Fact[] => {
  const { saves, storage, connections, refusals, pushWaiting, backup, version, node, startedAt } =
    health
  const many = (count: number): string => (count >= 1_000 ? '1,000 or more' : String(count))
  return [
    {
      term: 'Last backup',
      value: backup.madeAt === undefined ? 'None yet' : momentText(backup.madeAt),
      ...(backup.failedAt !== undefined && {
        hint: `One failed on ${momentText(backup.failedAt)}`,
      }),
    },
    ...(storage === undefined
      ? []
      : [
          { term: 'Free on the disk', value: bytesText(storage.free) },
          {
            term: 'Kept',
            value: bytesText(storage.database + storage.files),
            hint: `${bytesText(storage.files)} of it files`,
          },
        ]),
    ...(connections === undefined
      ? []
      : [
          {
            term: 'Online now',
            value: `${connections.people} ${connections.people === 1 ? 'person' : 'people'}`,
            hint: `${connections.sockets} ${connections.sockets === 1 ? 'connection' : 'connections'}`,
          },
        ]),
    {
      term: 'Time to save',
      value: saves.p50 === undefined ? msText(saves.ms) : msText(saves.p50),
      ...(saves.p99 !== undefined && { hint: `99 of 100 within ${msText(saves.p99)}` }),
    },
    ...(pushWaiting === undefined
      ? []
      : [{ term: 'Notifications waiting', value: String(pushWaiting) }]),
    {
      term: 'Refused in 24 hours',
      value: many(refusals.requests + refusals.updates),
      hint: `${many(refusals.signIns)} failed sign-ins`,
    },
    {
      term: 'Version',
      value: version,
      hint: `Node ${node.replace(/^v/, '')}${startedAt === undefined ? '' : `, since ${momentText(startedAt)}`}`,
    },
  ]
}

const msText = (ms: number | undefined): string =>
  ms === undefined ? '–' : ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`
