import { useRef, useState } from 'react'
import type { NewCode, NewLink, Outcome } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './invite.module.css'
import { PrintPage } from './print-page.tsx'
import { QrCode } from './qr-code.tsx'
import { dayText, timeText } from './when-text.ts'

interface Props {
  name: string
  /** Where a mail went, if one did. */
  email?: string | undefined
  link: NewLink
  getCode: () => Promise<Outcome<NewCode>>
}

/** A link to hand on: to be scanned, copied, printed, or read out as a code. */
export function LinkToHandOn({ name, email, link, getCode }: Props) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const [code, setCode] = useState<NewCode | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const address = useRef<HTMLInputElement>(null)

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.url)
      setCopied('yes')
    } catch {
      // Where a page may not, the person can.
      address.current?.select()
      setCopied('failed')
    }
  }
  const showCode = async () => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    const made = await getCode()
    setBusy(false)
    if (made.ok) setCode(made.value)
    else setProblem(made.message)
  }

  return (
    <div className={styles.result}>
      <div className={styles.qr}>
        <QrCode text={link.url} label={`QR code of the link for ${name}`} />
      </div>
      <p className={styles.center}>
        Let <bdi>{name}</bdi> scan this with their phone. It works once, until{' '}
        {dayText(link.expiresAt)}.
      </p>
      {link.mailed && email !== undefined && (
        <p className={styles.note} role="status">
          <Icon name="check" size={20} />
          <span>
            A mail with the link is on its way to <bdi>{email}</bdi>.
          </span>
        </p>
      )}
      {code !== null && (
        <p className={styles.code}>
          <span className={styles.codeText}>{code.code}</span>
          <span className={styles.soft}>
            To read out, until {timeText(code.expiresAt)}. They choose “I have a code”.
          </span>
        </p>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        <Button onClick={() => void copy()}>
          <Icon name={copied === 'yes' ? 'check' : 'copy'} size={20} />
          {copied === 'yes' ? 'Copied' : 'Copy the link'}
        </Button>
        <Button onClick={() => window.print()}>
          <Icon name="print" size={20} />
          Print a page
        </Button>
        <Button aria-busy={busy} disabled={busy} onClick={() => void showCode()}>
          {busy ? <Spinner /> : <Icon name="phone" size={20} />}
          {code === null ? 'Code to read out' : 'Another code'}
        </Button>
      </div>
      {copied === 'failed' && (
        <input
          ref={address}
          className={styles.address}
          aria-label="The link"
          readOnly
          value={link.url}
          onFocus={(event) => event.target.select()}
        />
      )}
      <PrintPage name={name} link={link} code={code} />
    </div>
  )
}
