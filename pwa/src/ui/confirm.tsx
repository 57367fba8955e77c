import { useState } from 'react'
import { Button } from './button.tsx'
import styles from './dialog-form.module.css'
import { Icon } from './icon.tsx'
import { Spinner } from './spinner.tsx'

interface Props {
  question: string
  text: string
  warning?: string | undefined
  action: string
  onCancel: () => void
  onConfirm: () => Promise<{ ok: true } | { ok: false; message: string }>
  /** It worked; this is not shown any more. */
  onDone?: () => void
}

/** Asks once more; stays with the words for it when it did not work. */
export function Confirm({ onCancel, onConfirm, onDone, ...words }: Props) {
  const { question, text, warning, action } = words
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const confirm = async () => {
    setBusy(true)
    setProblem('')
    const result = await onConfirm()
    if (result.ok) return onDone?.()
    setBusy(false)
    setProblem(result.message)
  }
  return (
    <div className={styles.body}>
      <p className={styles.question}>{question}</p>
      {warning !== undefined && (
        <p className={styles.warning}>
          <Icon name="warning" size={22} />
          <span>{warning}</span>
        </p>
      )}
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
