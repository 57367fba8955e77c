import { useState } from 'react'
import type { DeviceResult } from '../../sync/devices-api.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './devices.module.css'

interface Props {
  question: string
  text: string
  warning?: string | undefined
  action: string
  onCancel: () => void
  /** Leaves this by itself when it worked. */
  onConfirm: () => Promise<DeviceResult>
}

/** Asks once more; stays with the words for it when it did not work. */
export function ConfirmDevice({ question, text, warning, action, onCancel, onConfirm }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const confirm = async () => {
    setBusy(true)
    setProblem('')
    const result = await onConfirm()
    if (result.ok) return
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
