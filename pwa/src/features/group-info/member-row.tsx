import type { Person } from '@wardline/core/client/model/views'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { bornText, personText } from '../../ui/patients-text.ts'
import { roleText } from '../../ui/role-text.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './group-info.module.css'

interface Props {
  person: Person
  me: boolean
  online: boolean
  onRemove: (() => void) | undefined
}

export function MemberRow({ person, me, online, onRemove }: Props) {
  const { id, name, role, specialty, accountClosed } = person
  const now = useNow()
  const state = accountClosed === true ? 'Account closed' : online && 'Online'
  const words = [roleText(role), specialty, bornText(person, now), state]
  return (
    <li className={styles.member}>
      <Avatar id={id} name={name} size={44} online={online} />
      <div className={styles.words}>
        <p className={styles.name}>
          <bdi>{name}</bdi>
          {me && ' (you)'}
        </p>
        <p className={styles.soft}>{words.filter(Boolean).join(' · ')}</p>
      </div>
      {onRemove !== undefined && (
        <Button look="icon" aria-label={`Remove ${personText(person, now)}`} onClick={onRemove}>
          <Icon name="close" size={20} />
        </Button>
      )}
    </li>
  )
}
