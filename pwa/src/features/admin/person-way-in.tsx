import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { whenText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import type { Account, Problem, WayIn } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ProblemNote } from './problem-note.tsx'
import { ShownWayIn } from './shown-way-in.tsx'
import { useLoad } from './use-load.ts'

/** For who has never signed in, or cannot any more. */
export function PersonWayIn({ account: { id, name, status, hasPassword } }: { account: Account }) {
  const { api } = useAdmin()
  const [load] = useLoad(`passkeys ${id}`, () => api.passkeys(id))
  const now = useNow()
  const [made, setMade] = useState<WayIn | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const isInvited = status === 'invited'

  const make = async (as: 'link' | 'code') => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    const answer = await api.wayIn(id, as)
    setBusy(false)
    if (answer.ok) setMade(answer.value)
    else setProblem(answer.problem)
  }

  return (
    <section className={parts.card}>
      <h2>Ways to sign in</h2>
      {!isInvited && (
        <ul className={parts.rows}>
          <li className={parts.row}>{hasPassword ? 'A password' : 'No password'}</li>
          {(load.value?.passkeys ?? []).map((passkey) => (
            <li key={`${passkey.name} ${passkey.createdAt}`} className={parts.row}>
              <span className={parts.grow}>
                Passkey <bdi>{passkey.name}</bdi>
              </span>
              <span className={parts.soft}>
                {passkey.usedAt === null ? 'Not used yet' : `Used ${whenText(passkey.usedAt, now)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className={parts.soft}>
        {isInvited
          ? 'They have not signed in yet. Another link takes the place of the one before.'
          : 'For a lost phone or a forgotten password. Whoever uses it chooses anew how to sign in; what was before is good no more, and all devices are signed out.'}
      </p>
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={parts.actions}>
        <Button disabled={busy} onClick={() => void make('link')}>
          {isInvited ? 'New invitation' : 'Make a link'}
        </Button>
        <Button disabled={busy} onClick={() => void make('code')}>
          Code for the telephone
        </Button>
      </div>
      <Dialog
        open={made !== null}
        title={made?.code === undefined ? `A link for ${name}` : `A code for ${name}`}
        onClose={() => setMade(null)}
      >
        {made !== null && (
          <ShownWayIn wayIn={made} user={id} name={name} onDone={() => setMade(null)} />
        )}
      </Dialog>
    </section>
  )
}
