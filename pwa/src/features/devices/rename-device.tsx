import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { DeviceResult } from '../../sync/devices-api.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './devices.module.css'

/** As the server has it, in UTF-16 units. */
const LONGEST_NAME = 80

interface Props {
  name: string
  onRename: (name: string) => Promise<DeviceResult>
  onClose: () => void
}

export function RenameDevice({ name, onRename, onClose }: Props) {
  const [value, setValue] = useState(name)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (value.trim() === '') return setProblem('Give it a name.')
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
        label="Name of the device"
        value={value}
        autoComplete="off"
        maxLength={LONGEST_NAME}
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
