import { useSyncExternalStore } from 'react'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import type { Composition } from './composition.ts'
import { copyText } from './copy-text.ts'
import styles from './left-notice.module.css'

/** In the composer's place for who is out of a group, with what they had not sent yet. */
export function LeftNotice({ composition }: { composition: Composition }) {
  useSyncExternalStore(composition.subscribe, composition.get)
  const { text } = composition
  const toast = useToast()
  return (
    <div className={styles.left} role="note">
      <p>You are no longer a member of this chat.</p>
      {text !== '' && (
        <>
          <p>You had written this, and it was not sent:</p>
          <p className={styles.unsent} dir="auto">
            {text}
          </p>
          <Button onClick={() => void copyText(text, toast)}>Copy the text</Button>
        </>
      )}
    </div>
  )
}
