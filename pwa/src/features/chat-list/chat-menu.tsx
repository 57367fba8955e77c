import type { ChatSummary } from '@wardline/core/client/model/views'
import type { IconName } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { type ChatAction, chatActionsOf } from './chat-actions.ts'

const items: Record<ChatAction, { icon: IconName; text: string }> = {
  archive: { icon: 'archive', text: 'Archive' },
  unarchive: { icon: 'archive', text: 'Unarchive' },
  pin: { icon: 'pin', text: 'Pin' },
  unpin: { icon: 'pin', text: 'Unpin' },
  mute: { icon: 'mute', text: 'Mute' },
  unmute: { icon: 'bell', text: 'Unmute' },
  'mark-unread': { icon: 'unread', text: 'Mark as unread' },
  'mark-read': { icon: 'check', text: 'Mark as read' },
  'to-rounds': { icon: 'rounds', text: 'Add to rounds' },
  'off-rounds': { icon: 'rounds', text: 'Remove from rounds' },
  block: { icon: 'block', text: 'Block' },
  unblock: { icon: 'block', text: 'Unblock' },
}

interface Props {
  chat: ChatSummary
  /** Whether the person has rounds. */
  hasRounds: boolean
  at: MenuPlace
  onChoose: (action: ChatAction) => void
  onClose: () => void
}

export const ChatMenu = ({ chat, hasRounds, at, onChoose, onClose }: Props) => (
  <Menu at={at} label={`Actions for ${chat.title}`} onClose={onClose}>
    {chatActionsOf(chat, hasRounds).map((action) => (
      <MenuItem key={action} icon={items[action].icon} onChoose={() => onChoose(action)}>
        {items[action].text}
      </MenuItem>
    ))}
  </Menu>
)
