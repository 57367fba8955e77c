import { useState } from 'react'
import { telHref } from '../base/clinic.ts'
import { Button } from '../ui/button.tsx'
import { useClinic } from '../ui/clinic-context.ts'
import { Dialog } from '../ui/dialog.tsx'
import { NotesText } from '../ui/notes-text.tsx'
import styles from './notes-dialog.module.css'
import { areNotesRead, noteNotesRead } from './notes-read.ts'

/** What the clinic wants a patient to have read, once on each device. */
export function NotesDialog() {
  const { name, notes, emergencyNumber } = useClinic()
  // Closed without a word, it comes back with the next start.
  const [closed, setClosed] = useState('')
  const isOpen = notes !== '' && notes !== closed && !areNotesRead(notes)
  return (
    <Dialog open={isOpen} title={`Before you write to ${name}`} onClose={() => setClosed(notes)}>
      <div className={styles.body}>
        <NotesText text={notes} />
        <p className={styles.emergency}>
          A message is not for an emergency. Then call{' '}
          <a href={telHref(emergencyNumber)}>{emergencyNumber}</a>.
        </p>
        <Button
          look="primary"
          wide
          onClick={() => {
            noteNotesRead(notes)
            setClosed(notes)
          }}
        >
          I have read this
        </Button>
      </div>
    </Dialog>
  )
}
