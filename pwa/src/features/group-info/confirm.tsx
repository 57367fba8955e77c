import { useState } from 'react'
import type { GroupResult } from '../../sync/groups-api.ts'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './group-info.module.css'

interface Props {
  question: string
  text: string
  action: string
  onCancel: () => void
  onConfirm: () => Promise<GroupResult>
}

/** Asks once more; stays with the words for it when it did not work. */
export function Confirm({ question, text, action, onCancel, onConfirm }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const confirm = async () => {
    setBusy(true)
    setProblem('')
    const result = await onConfirm()
    setBusy(false)
    if (result.ok) onCancel()
    else setProblem(result.message)
  }
  return (
    <div className={styles.body}>
      <p className={styles.question}>{question}</p>
      <p className={styles.soft}>{text}</p>
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
      <div className={styles.buttons}>
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="danger" disabled={busy} aria-busy={busy} onClick={() => void confirm()}>
          {busy && <Spinner />}
          {action}
        </Button>
      </div>
    </div>
  )
}
