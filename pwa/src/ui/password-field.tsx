import type { ComponentProps } from 'react'
import { Field } from './field.tsx'
import styles from './password-field.module.css'

interface Props
  extends Omit<
    ComponentProps<typeof Field>,
    'type' | 'after' | 'autoCapitalize' | 'spellCheck' | 'autoComplete'
  > {
  autoComplete: 'current-password' | 'new-password'
  /** Whether what is typed can be read. */
  shown: boolean
  /** The button for it; a second field of a form goes without. */
  onShow?: (shown: boolean) => void
}

export function PasswordField({ shown, onShow, ...rest }: Props) {
  return (
    <Field
      {...rest}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      after={
        onShow !== undefined && (
          <button
            type="button"
            className={styles.reveal}
            aria-pressed={shown}
            onClick={() => onShow(!shown)}
          >
            {shown ? 'Hide' : 'Show'}
          </button>
        )
      }
    />
  )
}
