import type { ReactNode } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './sign-in-dialog.module.css'
import { SignInForm, type SignInResult } from './sign-in-form.tsx'

interface Props {
  open: boolean
  onClose: () => void
  onSignIn: (email: string, password: string) => Promise<SignInResult>
  /** Other ways to sign in. */
  others: ReactNode
}

/** For a session that ended: everything stays in reach behind it. */
export function SignInDialog({ open, onClose, onSignIn, others }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Sign in to sync">
      <div className={styles.body}>
        <p className={styles.text}>Your messages are safe on this device.</p>
        <SignInForm onSignIn={onSignIn} onDone={onClose} />
        {open && others}
      </div>
    </Dialog>
  )
}
