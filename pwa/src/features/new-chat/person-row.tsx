import type { Person } from '@wardline/core/client/model/views'
import type { ReactNode } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { bornText } from '../../ui/patients-text.ts'
import { roleText } from '../../ui/role-text.ts'
import { useNow } from '../../ui/use-now.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './person-picker.module.css'

interface Props {
  person: Person
  online: boolean
  /** Says what a person is, where there are doctors and patients. */
  withRole?: boolean
  /** Whether they are chosen, where several can be. */
  chosen?: boolean
  after?: ReactNode
  onClick: () => void
}

const detailOf = (person: Person, withRole: boolean, now: number): string => {
  const { role, specialty } = person
  const kind = specialty ?? (withRole ? roleText(role) : '')
  return [kind, bornText(person, now)].filter(Boolean).join(' · ')
}

/** A person to choose. */
export function PersonRow({ person, online, withRole = false, chosen, after, onClick }: Props) {
  const detail = detailOf(person, withRole, useNow())
  return (
    <button type="button" className={styles.person} aria-pressed={chosen} onClick={onClick}>
      <Avatar id={person.id} name={person.name} size={44} online={online} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {person.name}
        </span>
        {detail !== '' && <span className={styles.detail}>{detail}</span>}
        {online && <VisuallyHidden>Online</VisuallyHidden>}
      </span>
      {after}
    </button>
  )
}
