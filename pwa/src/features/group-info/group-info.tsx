import type { ChatSummary, Person } from '@wardline/core/client/model/views'
import { useState } from 'react'
import type { GroupResult } from '../../sync/groups-api.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { personText } from '../../ui/patients-text.ts'
import { RenameForm } from '../../ui/rename-form.tsx'
import { titleProblem } from '../../ui/title-problem.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './group-info.module.css'
import { MemberRow } from './member-row.tsx'

interface Props extends InfoProps {
  open: boolean
  onClose: () => void
}

interface InfoProps {
  chat: ChatSummary
  members: readonly Person[]
  me: Person
  online: readonly Person['id'][]
  onRename: (title: string) => Promise<GroupResult>
  onAdd: () => void
  /** Oneself to leave. */
  onRemove: (person: Person) => Promise<GroupResult>
}

/** Who is in a group; its doctors change it here, and everybody can leave. */
export function GroupInfo({ open, onClose, ...info }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Group" tall>
      <Info {...info} />
    </Dialog>
  )
}

type Asking = { what: 'remove'; person: Person } | { what: 'rename' } | null

function Info({ chat, members, me, online, onRename, onAdd, onRemove }: InfoProps) {
  const [asking, setAsking] = useState<Asking>(null)
  const now = useNow()
  const cancel = () => setAsking(null)
  const manages = me.role === 'doctor' && !chat.left

  if (asking?.what === 'rename')
    return (
      <RenameForm
        label="Name of the group"
        name={chat.title}
        problemOf={titleProblem}
        onRename={onRename}
        onClose={cancel}
      />
    )
  if (asking?.what === 'remove') {
    const { person } = asking
    const leaves = person.id === me.id
    return (
      <Confirm
        question={leaves ? 'Leave this group?' : `Remove ${person.name}?`}
        text={
          leaves
            ? 'You keep the messages that you have, and get nothing new.'
            : [
                personText(person, now),
                'They keep the messages that they have, and get nothing new.',
              ]
                .slice(person.birthDate === undefined ? 1 : 0)
                .join('. ')
        }
        action={leaves ? 'Leave' : 'Remove'}
        onCancel={cancel}
        onConfirm={() => onRemove(person)}
        onDone={cancel}
      />
    )
  }
  return (
    <div className={styles.body}>
      <div className={styles.group}>
        <Avatar id={chat.id} name={chat.title} size={56} />
        <div className={styles.words}>
          <p className={styles.title} dir="auto">
            {chat.title}
          </p>
          <p className={styles.soft}>
            {chat.left ? 'You are no longer a member.' : countText(members.length)}
          </p>
        </div>
        {manages && (
          <Button look="icon" aria-label="Rename" onClick={() => setAsking({ what: 'rename' })}>
            <Icon name="edit" size={20} />
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets. */}
      <ul role="list" className={styles.members} aria-label="Members">
        {members.map((person) => (
          <MemberRow
            key={person.id}
            person={person}
            me={person.id === me.id}
            online={!chat.left && (person.id === me.id || online.includes(person.id))}
            onRemove={
              manages && person.id !== me.id
                ? () => setAsking({ what: 'remove', person })
                : undefined
            }
          />
        ))}
      </ul>
      {!chat.left && (
        <div className={styles.actions}>
          {manages && (
            <Button wide onClick={onAdd}>
              <Icon name="addPerson" size={20} />
              Add people
            </Button>
          )}
          <Button wide onClick={() => setAsking({ what: 'remove', person: me })}>
            <Icon name="leave" size={20} />
            Leave group
          </Button>
        </div>
      )}
    </div>
  )
}

const countText = (count: number): string => (count === 1 ? '1 member' : `${count} members`)
