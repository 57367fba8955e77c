import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { GroupResult } from '../../sync/groups-api.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './group-info.module.css'

/** As the server has them. */
const MAX_TITLE = 80

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
    if (busy || value.trim() === '') return
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
        maxLength={MAX_TITLE}
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
        <Button type="submit" look="primary" disabled={value.trim() === ''} aria-busy={busy}>
          {busy && <Spinner />}
          Save
        </Button>
      </div>
    </form>
  )
}
