import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import type { Answer, Problem } from './admin-api.ts'
import styles from './admin-parts.module.css'
import { ProblemNote } from './problem-note.tsx'

export interface Question {
  readonly title: string
  /** What happens, and what does not. */
  readonly text: ReactNode
  /** What the button says, as a verb. */
  readonly action: string
  /** For what cannot be taken back: the person types this first. */
  readonly typed?: string
  /** Asks for a reason, which goes with it. */
  readonly reason?: string
  readonly danger?: boolean
  run: (reason: string) => Promise<Answer<unknown>>
}

interface Props {
  question: Question | null
  onClose: () => void
  /** It was done. */
  onDone: () => void
}

/** Says what is going to happen before it does; a refusal stays in it. */
export function ConfirmDialog({ question, onClose, onDone }: Props) {
  return (
    <Dialog open={question !== null} title={question?.title ?? ''} onClose={onClose}>
      {question !== null && <Asked question={question} onClose={onClose} onDone={onDone} />}
    </Dialog>
  )
}

function Asked({ question, onClose, onDone }: Props & { question: Question }) {
  const { text, action, typed, reason, danger = false, run } = question
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [words, setWords] = useState('')
  const isReady =
    typed !== undefined ? words.trim() === typed : reason === undefined || words.trim() !== ''

  const go = async () => {
    if (busy || !isReady) return
    setBusy(true)
    setProblem(null)
    const answer = await run(words.trim())
    setBusy(false)
    if (answer.ok) onDone()
    else setProblem(answer.problem)
  }

  return (
    <form
      className={styles.body}
      onSubmit={(event) => {
        event.preventDefault()
        void go()
      }}
    >
      <div>{text}</div>
      {typed !== undefined && (
        <Field
          label={`Type “${typed}” to go on`}
          value={words}
          autoComplete="off"
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      {reason !== undefined && (
        <Field
          label={reason}
          value={words}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          look={danger ? 'danger' : 'primary'}
          disabled={busy || !isReady}
          aria-busy={busy}
        >
          {busy && <Spinner />}
          {action}
        </Button>
      </div>
    </form>
  )
}
