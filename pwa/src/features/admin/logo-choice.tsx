import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import styles from './settings-screen.module.css'
import { shrinkLogo } from './shrink-logo.ts'

interface Props {
  /** A data URL. */
  logo: string | null
  onChange: (logo: string | null) => void
}

export function LogoChoice({ logo, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState('')

  const choose = async (file: File | undefined) => {
    if (file === undefined) return
    const made = await shrinkLogo(file)
    setProblem(made === undefined ? 'This file cannot be read as a picture.' : '')
    if (made !== undefined) onChange(made)
  }

  return (
    <div className={styles.logo}>
      <span className={styles.label}>Logo</span>
      {logo !== null && <img src={logo} alt="The logo" />}
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void choose(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button onClick={() => input.current?.click()}>
        {logo === null ? 'Choose a picture' : 'Choose another'}
      </Button>
      {logo !== null && (
        <Button look="text" onClick={() => onChange(null)}>
          Remove logo
        </Button>
      )}
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
    </div>
  )
}
