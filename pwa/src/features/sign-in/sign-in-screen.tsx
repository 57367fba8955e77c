import type { ReactNode } from 'react'
import { useClinic } from '../../ui/clinic-context.ts'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SignInForm, type SignInResult } from './sign-in-form.tsx'
import styles from './sign-in-screen.module.css'

interface Props {
  /** How to install the app, which on an iPhone must come before signing in. */
  install: ReactNode
  onSignIn: (email: string, password: string) => Promise<SignInResult>
  /** Other ways to sign in. */
  others: ReactNode
}

/** The first screen of a device that nobody uses yet. */
export function SignInScreen({ install, onSignIn, others }: Props) {
  const { name } = useClinic()
  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <ClinicMark size={56} />
        <h1 className={styles.title}>
          Welcome to <bdi>{name}</bdi>
        </h1>
        <p className={styles.text}>Talk with your doctor, even where there is no signal.</p>
        <SignInForm onSignIn={onSignIn} />
        {others}
        <div className={styles.install}>{install}</div>
        <p className={styles.note}>
          <Icon name="shield" size={20} />
          <span>Your messages are kept on this device, so you can always read and write them.</span>
        </p>
      </div>
    </main>
  )
}
