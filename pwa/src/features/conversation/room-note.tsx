import type { Room } from './room.ts'
import styles from './room-note.module.css'

/** How much more a message can hold, once that is worth a word. */
export function RoomNote({ room }: { room: Room }) {
  if (room.kind === 'plenty') return null
  const over = room.kind === 'none'
  return (
    <p className={styles.note} data-over={over ? '' : undefined} aria-live="polite">
      {over
        ? `${count(room.over)} too many for one message`
        : `Room for ${room.left === 0 ? 'no' : `about ${count(room.left)}`} more`}
    </p>
  )
}

const count = (characters: number): string =>
  `${characters.toLocaleString('en')} ${characters === 1 ? 'character' : 'characters'}`
