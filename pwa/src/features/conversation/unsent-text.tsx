import { useSyncExternalStore } from 'react'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { useToast } from '../../ui/toast.tsx'
import type { Composition } from './composition.ts'
import styles from './left-note.module.css'

/** What stood in a composer that is not there any more. */
export function UnsentText({ composition }: { composition: Composition }) {
  useSyncExternalStore(composition.subscribe, composition.get)
  const { text } = composition
  const toast = useToast()
  if (text === '') return null
  return (
    <>
      <p>You had written this, and it was not sent:</p>
      <p className={styles.unsent} dir="auto">
        {text}
      </p>
      <Button onClick={() => void copyText(text, toast)}>Copy the text</Button>
    </>
  )
}
