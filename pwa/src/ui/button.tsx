import type { ButtonHTMLAttributes } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'quiet' | 'text' | 'danger' | 'icon'
  wide?: boolean
}

/** A button at least 44 px high. An `icon` button needs an aria-label. */
export function Button({ look = 'quiet', wide = false, className, type, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type === 'submit' ? 'submit' : 'button'}
      className={classNames(styles.button, styles[look], wide && styles.wide, className)}
    />
  )
}
