/** A part of the list with a place of its own: a row that leads there, and a head with the way back. */
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './folder.module.css'

/** What the row of a folder says of the chats in it. */
export interface FolderBrief {
  readonly count: number
  /** Whether one of them looks unread. */
  readonly unread: boolean
}

/** Of the folders of a list that is not all there yet. */
export type EarlyFolders = Readonly<Record<'archive' | 'rounds', FolderBrief>>

interface Props extends FolderBrief {
  icon: IconName
  name: string
  /** How it stands with it, if there is something to say. */
  note?: string | undefined
  onOpen: () => void
}

/** Nothing while there are no chats in it. */
export function FolderRow({ icon, name, count, unread, note, onOpen }: Props) {
  if (count === 0) return null
  return (
    <button type="button" className={styles.row} onClick={onOpen}>
      <Icon name={icon} size={22} />
      <span className={styles.words}>
        {name}
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </span>
      {unread && (
        <>
          <span className={styles.dot} />
          <VisuallyHidden>, some unread, </VisuallyHidden>
        </>
      )}
      <span className={styles.count}>({count})</span>
    </button>
  )
}

export const FolderHead = ({
  name,
  note,
  onBack,
}: {
  name: string
  note?: ReactNode
  onBack: () => void
}) => (
  <div className={styles.head}>
    <Button look="icon" aria-label="All chats" onClick={onBack}>
      <Icon name="back" size={22} />
    </Button>
    <div>
      <h2 className={styles.title}>{name}</h2>
      {note !== undefined && <p className={styles.note}>{note}</p>}
    </div>
  </div>
)
