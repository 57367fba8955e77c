import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react'
import styles from './field.module.css'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  inputRef?: Ref<HTMLInputElement>
  /** A control inside the box, after the input. */
  after?: ReactNode
}

/** A labelled input. Its text is 16 px or more, so that iOS does not zoom. */
export function Field({ label, inputRef, after, ...rest }: Props) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box}>
        <input {...rest} id={id} ref={inputRef} className={styles.input} />
        {after}
      </div>
    </div>
  )
}
