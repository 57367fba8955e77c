import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './message-dialogs.module.css'

interface Props {
  open: boolean
  /** Messages that it takes; undefined for too many. */
  parts: number | undefined
  onParts: () => void
  onFile: () => void
  onClose: () => void
}

/** A text that is too long for one message goes as the person decides. Nothing of it is cut. */
export function LongTextDialog({ open, parts, onParts, onFile, onClose }: Props) {
  const choose = (action: () => void) => () => {
    onClose()
    action()
  }
  return (
    <Dialog open={open} onClose={onClose} title="Too long for one message">
      <div className={styles.body}>
        <p className={styles.soft}>
          {parts === undefined
            ? 'A text of this length can go as a text file, with all of its words.'
            : `It can go as ${parts} messages one after the other, or as a text file. All of its words go either way.`}
        </p>
        <div className={styles.actions}>
          <Button onClick={onClose}>Keep writing</Button>
          <Button onClick={choose(onFile)}>Send as a text file</Button>
          {parts !== undefined && (
            <Button look="primary" onClick={choose(onParts)}>
              Send as {parts} messages
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}
