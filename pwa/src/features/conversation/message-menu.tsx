import type { IconName } from '../../ui/icon.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem, MenuMark, MenuStrip } from '../../ui/menu.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { QUICK } from './emoji.ts'
import { actionsOf, type Message, type MessageAction } from './message.ts'

interface Props {
  message: Message
  at: MenuPlace
  canWrite: boolean
  onChoose: (action: MessageAction) => void
  onReact: (emoji: string) => void
  onClose: () => void
}

const items: Record<MessageAction, { icon: IconName; text: string; danger?: boolean }> = {
  react: { icon: 'smile', text: 'React' },
  reply: { icon: 'reply', text: 'Reply' },
  copy: { icon: 'copy', text: 'Copy' },
  edit: { icon: 'edit', text: 'Edit' },
  info: { icon: 'info', text: 'Info' },
  retry: { icon: 'retry', text: 'Retry' },
  delete: { icon: 'trash', text: 'Delete for everyone', danger: true },
  discard: { icon: 'trash', text: 'Delete', danger: true },
}

export function MessageMenu({ message, at, canWrite, onChoose, onReact, onClose }: Props) {
  const actions = actionsOf(message, canWrite)
  const own = message.reactions.find(({ mine }) => mine)?.emoji
  return (
    <Menu at={at} label="Message actions" onClose={onClose}>
      {actions.includes('react') && (
        <MenuStrip label="React">
          {QUICK.map((emoji) => (
            <MenuMark
              key={emoji}
              label={emoji}
              checked={emoji === own}
              onChoose={() => onReact(emoji)}
            >
              {emoji}
            </MenuMark>
          ))}
          <MenuMark label="More reactions" onChoose={() => onChoose('react')}>
            <Icon name="compose" size={22} />
          </MenuMark>
        </MenuStrip>
      )}
      {actions
        .filter((action) => action !== 'react')
        .map((action) => {
          const { icon, text, danger = false } = items[action]
          return (
            <MenuItem key={action} icon={icon} danger={danger} onChoose={() => onChoose(action)}>
              {text}
            </MenuItem>
          )
        })}
    </Menu>
  )
}
