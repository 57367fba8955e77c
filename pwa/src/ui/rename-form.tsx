import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import styles from './dialog-form.module.css'
import { Field } from './field.tsx'
import { Spinner } from './spinner.tsx'

interface Props {
  label: string
  name: string
  /** UTF-16 units; no more can be typed. */
  maxLength?: number
  /** Why it is no name, in words for the person; null when it is one. */
  problemOf: (name: string) => string | null
  onRename: (name: string) => Promise<{ ok: true } | { ok: false; message: string }>
  onClose: () => void
}

export function RenameForm({ label, name, maxLength, problemOf, onRename, onClose }: Props) {
  const [value, setValue] = useState(name)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const unnamed = problemOf(value)
    if (unnamed !== null) return setProblem(unnamed)
    setBusy(true)
    setProblem('')
    const result = await onRename(value.trim())
    setBusy(false)
    if (result.ok) onClose()
    else setProblem(result.message)
  }
  return (
    <form className={styles.body} onSubmit={(event) => void submit(event)}>
      <Field
        label={label}
        value={value}
        autoComplete="off"
        maxLength={maxLength}
        inputRef={input}
        dir="auto"
        onChange={(event) => setValue(event.target.value)}
      />
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" aria-busy={busy}>
          {busy && <Spinner />}
          Save
        </Button>
      </div>
    </form>
  )
}
