import styles from './marked-text.module.css'

interface Props {
  text: string
  /** In order, without overlaps; in UTF-16 units. */
  marks: readonly { start: number; end: number }[]
}

/** A text with what a search found in it. */
export function MarkedText({ text, marks }: Props) {
  if (marks.length === 0) return text
  return marks.map(({ start, end }, n) => (
    <span key={start}>
      {text.slice(marks[n - 1]?.end ?? 0, start)}
      <mark className={styles.mark}>{text.slice(start, end)}</mark>
      {n === marks.length - 1 && text.slice(end)}
    </span>
  ))
}
