import styles from './file-name.module.css'

/** Letters at the end that stay: the ending, and the date or number that mostly stands before it. */
const END = 14

/** A file's name on one line. What has no room goes from its middle, as the end tells files apart. */
export function FileName({ name }: { name: string }) {
  const letters = [...name]
  const at = letters.length > 2 * END ? letters.length - END : letters.length
  return (
    <bdi className={styles.name} title={name}>
      <span className={styles.start}>{letters.slice(0, at).join('')}</span>
      {at < letters.length && <span className={styles.end}>{letters.slice(at).join('')}</span>}
    </bdi>
  )
}
