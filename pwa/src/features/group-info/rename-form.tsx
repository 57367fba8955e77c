import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { GroupResult } from '../../sync/groups-api.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { titleProblem } from '../../ui/title-problem.ts'
import styles from './group-info.module.css'

interface Props {
  title: string
  onRename: (title: string) => Promise<GroupResult>
  onClose: () => void
}

export function RenameForm({ title, onRename, onClose }: Props) {
  const [value, setValue] = useState(title)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const unnamed = titleProblem(value)
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
        label="Name of the group"
        value={value}
        autoComplete="off"
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
