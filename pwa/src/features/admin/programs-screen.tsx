import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { lastSeenText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import type { Account, ApiToken, Problem } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ConfirmDialog, type Question } from './confirm-dialog.tsx'
import { Loaded } from './loaded.tsx'
import styles from './people-screen.module.css'
import { ProblemNote } from './problem-note.tsx'
import { useLoad } from './use-load.ts'

interface Programs {
  readonly programs: readonly Account[]
  readonly tokens: readonly ApiToken[]
}

/** Programs that write in chats, and what they sign in with. */
export function ProgramsScreen() {
  const { api } = useAdmin()
  const [load, reload] = useLoad<Programs>('programs', async () => {
    const [people, tokens] = await Promise.all([
      api.people({ query: '', role: 'service', status: '', offset: 0 }),
      api.tokens(),
    ])
    if (!people.ok) return people
    if (!tokens.ok) return tokens
    return { ok: true, value: { programs: people.value.people, tokens: tokens.value.tokens } }
  })
  const [adding, setAdding] = useState(false)
  const [tokenFor, setTokenFor] = useState<Account | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const toast = useToast()
  const now = useNow()

  const ending = ({ id, name }: ApiToken): Question => ({
    title: `End “${name}”?`,
    text: (
      <p>
        Whatever signs in with it is signed out at once, and cannot again. Other tokens stay good.
      </p>
    ),
    action: 'End token',
    run: () => api.endToken(id),
  })

  return (
    <>
      <div className={styles.head}>
        <h1>Programs</h1>
        <Button look="primary" onClick={() => setAdding(true)}>
          New program
        </Button>
      </div>
      <p className={parts.soft}>
        Programs read and write in the groups that they are in. Nobody finds them in a list of
        people, and they sign in with API tokens.
      </p>
      <br />
      <Loaded load={load} onRetry={() => void reload()}>
        {({ programs, tokens }) =>
          programs.length === 0 ? (
            <p className={parts.waiting}>No programs yet.</p>
          ) : (
            programs.map((program) => (
              <section key={program.id} className={parts.card} aria-label={program.name}>
                <h2 dir="auto">{program.name}</h2>
                <ul className={parts.rows}>
                  {tokens
                    .filter(({ user }) => user === program.id)
                    .map((token) => (
                      <li key={token.id} className={parts.row}>
                        <span className={parts.grow}>
                          <span className={parts.strong} dir="auto">
                            {token.name}
                          </span>
                          <br />
                          <span className={parts.soft}>
                            {token.seenAt === undefined
                              ? 'Never used'
                              : lastSeenText(token.seenAt, now).replace('seen', 'used')}
                            ,{' '}
                            {token.chats === 'all'
                              ? 'all of its chats'
                              : `${token.chats.length} of its chats`}
                          </span>
                        </span>
                        <Button
                          aria-label={`End ${token.name}`}
                          onClick={() => setQuestion(ending(token))}
                        >
                          End
                        </Button>
                      </li>
                    ))}
                </ul>
                <div className={parts.actions}>
                  <Button onClick={() => setTokenFor(program)}>New API token</Button>
                </div>
              </section>
            ))
          )
        }
      </Loaded>
      <Dialog open={adding} title="New program" onClose={() => setAdding(false)}>
        <NewProgram
          onDone={() => {
            setAdding(false)
            toast('The program is made. It needs an API token next.')
            void reload()
          }}
        />
      </Dialog>
      <Dialog
        open={tokenFor !== null}
        title={`API token of ${tokenFor?.name ?? ''}`}
        onClose={() => setTokenFor(null)}
      >
        {tokenFor !== null && (
          <NewToken
            program={tokenFor}
            onMade={() => void reload()}
            onClose={() => setTokenFor(null)}
          />
        )}
      </Dialog>
      <ConfirmDialog
        question={question}
        onClose={() => setQuestion(null)}
        onDone={() => {
          setQuestion(null)
          toast('The token has ended.')
          void reload()
        }}
      />
    </>
  )
}

function NewProgram({ onDone }: { onDone: () => void }) {
  const { api } = useAdmin()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const make = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || name.trim() === '') return
    setBusy(true)
    const answer = await api.makeProgram(name.trim())
    setBusy(false)
    if (answer.ok) onDone()
    else setProblem(answer.problem)
  }
  return (
    <form className={parts.body} onSubmit={(event) => void make(event)}>
      <Field
        label="Name, as others in a chat see it"
        value={name}
        maxLength={80}
        autoComplete="off"
        dir="auto"
        onChange={(event) => setName(event.target.value)}
      />
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={parts.actions}>
        <Button type="submit" look="primary" disabled={busy || name.trim() === ''} aria-busy={busy}>
          {busy && <Spinner />}
          Make program
        </Button>
      </div>
    </form>
  )
}

interface NewTokenProps {
  program: Account
  onMade: () => void
  onClose: () => void
}

/** The token itself is told once. */
function NewToken({ program, onMade, onClose }: NewTokenProps) {
  const { api } = useAdmin()
  const [name, setName] = useState('')
  const [token, setToken] = useState<string | null>(null)
  const [copied, setCopied] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const make = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || name.trim() === '') return
    setBusy(true)
    const answer = await api.makeToken(program.id, name.trim(), 'all')
    setBusy(false)
    if (!answer.ok) return setProblem(answer.problem)
    setToken(answer.value.token)
    onMade()
  }
  if (token !== null)
    return (
      <div className={parts.body}>
        <p>This is the only time that it is shown. Give it to the program now.</p>
        <Field
          label="API token"
          readOnly
          value={token}
          onFocus={(event) => event.target.select()}
        />
        <div className={parts.actions}>
          <Button
            onClick={() => void navigator.clipboard.writeText(token).then(() => setCopied(true))}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    )
  return (
    <form className={parts.body} onSubmit={(event) => void make(event)}>
      <Field
        label="What it is for"
        value={name}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <p className={parts.soft}>It is good in all groups that the program is in.</p>
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={parts.actions}>
        <Button type="submit" look="primary" disabled={busy || name.trim() === ''} aria-busy={busy}>
          {busy && <Spinner />}
          Make token
        </Button>
      </div>
    </form>
  )
}
