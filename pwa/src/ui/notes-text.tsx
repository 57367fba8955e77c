import styles from './notes-text.module.css'

/** A text of the clinic: an empty line begins a paragraph. */
export function NotesText({ text }: { text: string }) {
  return (
    <div className={styles.notes}>
      {text.split(/\n\s*\n/).map((paragraph, at) => (
        <p key={at} dir="auto" className={styles.paragraph}>
          {paragraph}
        </p>
      ))}
    </div>
  )
}
