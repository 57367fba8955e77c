import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { Field } from '../../ui/field.tsx'
import styles from './join.module.css'

/** As the server has them: eight, without those that are mistaken for others. */
const pattern = /^[2-9A-HJKMNP-TW-Z]{8}$/

/** What was typed, in two halves. */
const shown = (text: string): string => {
  const plain = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, 8)
  return plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain
}

/** Typing a code that somebody read out, or that the browser showed. */
export function CodeScreen({
  onCode,
  onBack,
}: {
  onCode: (code: string) => void
  onBack: () => void
}) {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pattern.test(code.replace('-', ''))) return onCode(code)
    setProblem('A code has eight letters and digits. There is no 0, 1, I, L, O, U or V in it.')
  }
  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <ClinicMark size={56} />
        <h1 className={styles.title}>Type your code</h1>
        <p className={styles.text}>
          The clinic reads one out to you, or another device of yours shows one.
        </p>
        <form className={styles.form} onSubmit={submit} noValidate>
          <Field
            label="Code"
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="characters"
            spellCheck={false}
            autoFocus
            value={code}
            onChange={(event) => {
              setCode(shown(event.target.value))
              setProblem(null)
            }}
            aria-invalid={problem !== null}
          />
          {problem !== null && (
            <p role="alert" className={styles.problem}>
              {problem}
            </p>
          )}
          <Button type="submit" look="primary" wide>
            Go on
          </Button>
          <Button look="text" wide onClick={onBack}>
            Back
          </Button>
        </form>
      </div>
    </main>
  )
}
