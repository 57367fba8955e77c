import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { momentText } from '../../ui/time-text.ts'
import type { WayIn } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import styles from './shown-way-in.module.css'

interface Props {
  wayIn: WayIn
  /** Whose account it is. */
  user: string
  name: string
  onDone: () => void
}

/** A link or a code, the one time that it is told. */
export function ShownWayIn({ wayIn: { link, code }, user, name, onDone }: Props) {
  const { api, linkView: LinkView } = useAdmin()
  const [copied, setCopied] = useState(false)
  const getCode = async () => {
    const made = await api.wayIn(user, 'code')
    if (!made.ok) return { ok: false as const, ...made.problem }
    const { code: value } = made.value
    if (value === undefined)
      return { ok: false as const, code: 'no-code', message: 'There is no code now.' }
    return { ok: true as const, value }
  }
  const url = link === undefined ? undefined : (link.url ?? location.origin + link.path)
  if (url !== undefined && link !== undefined && LinkView !== null) {
    const kind = link.path.startsWith('/reset') ? 'reset' : 'invitation'
    const { expiresAt } = link
    return (
      <div className={parts.body}>
        <LinkView name={name} link={{ kind, url, expiresAt, mailed: false }} getCode={getCode} />
        <div className={parts.actions}>
          <Button look="primary" onClick={onDone}>
            Done
          </Button>
        </div>
      </div>
    )
  }
  return (
    <div className={parts.body}>
      {code !== undefined && (
        <>
          <p>
            Read it out to {name}. On their device they choose “I have a code” where one signs in.
            It works once, until {momentText(code.expiresAt)}.
          </p>
          <output className={styles.code}>{code.code}</output>
        </>
      )}
      {url !== undefined && link !== undefined && (
        <>
          <p>
            For {name} alone: whoever opens it is them. It works once, until{' '}
            {momentText(link.expiresAt)}, and is shown only now.
          </p>
          <Field label="Link" readOnly value={url} onFocus={(event) => event.target.select()} />
        </>
      )}
      <div className={parts.actions}>
        {url !== undefined && (
          <Button
            onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}
          >
            {copied ? 'Copied' : 'Copy link'}
          </Button>
        )}
        <Button look="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  )
}
