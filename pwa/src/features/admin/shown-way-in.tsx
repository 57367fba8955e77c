import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { momentText } from '../../ui/time-text.ts'
import type { WayIn } from './admin-api.ts'
import parts from './admin-parts.module.css'
import styles from './shown-way-in.module.css'

interface Props {
  wayIn: WayIn
  name: string
  onDone: () => void
}

/** A link or a code, the one time that it is told. */
export function ShownWayIn({ wayIn: { link, code }, name, onDone }: Props) {
  const [copied, setCopied] = useState(false)
  const url = link === undefined ? undefined : (link.url ?? location.origin + link.path)
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
