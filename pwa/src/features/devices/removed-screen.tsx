import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { saveText } from '../../ui/save-text.ts'
import { fullText, whenText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './removed-screen.module.css'
import { type UnsentNote, unsentAsText } from './unsent-as-text.ts'

export interface Removal {
  /** Who removed this device from the account. */
  by: 'person' | 'clinic'
  /** What was not sent from it; nothing where the clinic removed it. */
  unsent: readonly UnsentNote[]
}

interface Props {
  removal: Removal
  /** The person has what they want of it: the rest goes, too. */
  onDone: () => void
}

/** All that a removed device still shows. Everything else is deleted by then. */
export function RemovedScreen({ removal: { by, unsent }, onDone }: Props) {
  const [sure, setSure] = useState(unsent.length === 0)
  const [said, setSaid] = useState('')
  const now = useNow()
  const text = unsentAsText(unsent, fullText)
  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <ClinicMark size={56} />
        <h1 className={styles.title}>This device was removed</h1>
        <p className={styles.text}>
          {by === 'person'
            ? 'You removed it from your account on another device. Your chats are deleted from here.'
            : 'The clinic removed it from your account. Your chats are deleted from here. Ask the clinic if you did not expect this.'}
        </p>
        {unsent.length > 0 && (
          <>
            <h2 className={styles.heading}>
              {unsent.length === 1
                ? 'This was not sent'
                : `These ${unsent.length} messages were not sent`}
            </h2>
            {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets. */}
            <ul role="list" className={styles.list} aria-label="Not sent">
              {unsent.map((note, index) => (
                <li key={index} className={styles.note}>
                  <p className={styles.soft} dir="auto">
                    To {note.to}
                    {note.at === null ? ', not finished' : `, ${whenText(note.at, now)}`}
                  </p>
                  <p className={styles.words} dir="auto">
                    {note.text}
                  </p>
                  {note.files.length > 0 && (
                    <p className={styles.soft}>With {note.files.join(', ')}. Files are not kept.</p>
                  )}
                </li>
              ))}
            </ul>
            <div className={styles.buttons}>
              <Button onClick={() => void copyText(text, setSaid)}>
                <Icon name="copy" size={20} />
                Copy all
              </Button>
              <Button
                onClick={() => {
                  saveText('not-sent.txt', text)
                  setSaid('Saved')
                }}
              >
                <Icon name="download" size={20} />
                Save as text
              </Button>
            </div>
            <p role="status" className={styles.said}>
              {said}
            </p>
          </>
        )}
        {sure ? (
          <Button look="primary" wide onClick={onDone}>
            {unsent.length > 0 ? 'Delete them and go on' : 'Go on'}
          </Button>
        ) : (
          <Button wide onClick={() => setSure(true)}>
            I do not need them any more
          </Button>
        )}
      </div>
    </main>
  )
}
