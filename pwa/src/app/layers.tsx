/** Every dialog over the list and the chat, each of which stays mounted: see `Dialog`. */
import type { ChatId } from '@wardline/core/base/ids'
import type { ConversationView, Person, ShellView } from '@wardline/core/client/model/views'
import { ChangePassword } from '../features/devices/change-password.tsx'
import { Devices } from '../features/devices/devices.tsx'
import { InviteRow } from '../features/new-chat/invite-row.tsx'
import { NewGroupRow } from '../features/new-chat/new-group-row.tsx'
import { PersonPicker } from '../features/new-chat/person-picker.tsx'
import { SignInDialog } from '../features/sign-in/sign-in-dialog.tsx'
import { useClinic } from '../ui/clinic-context.ts'
import { useChunk } from '../ui/use-chunk.ts'
import { AccessLayers } from './access-layers.tsx'
import { AccountDialog } from './account-dialog.tsx'
import { BlockDialog } from './block-dialog.tsx'
import { waysInChunk } from './chunks.ts'
import { GroupLayers } from './group-layers.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { NotesDialog } from './notes-dialog.tsx'
import type { ChatActions, ChatPorts } from './ports.ts'
import { SignOutDialog } from './sign-out-dialog.tsx'

export { listParts } from '../features/chat-list/list-parts.ts'
export { LinkToHandOn } from '../features/invite/link-view.tsx'
export { NewMessageToast } from './new-message-toast.tsx'

export type Layer =
  | 'none'
  | 'new-chat'
  | 'new-group'
  | 'group'
  | 'add-people'
  | 'account'
  | 'devices'
  | 'password'
  | 'invite'
  | 'way-in'
  | 'passkeys'
  | 'carry'
  | 'sign-out'
  | 'sign-in'
  | 'help'

interface Props extends Pick<ChatPorts, 'notifications' | 'install' | 'outcome' | 'access'> {
  layer: Layer
  onLayer: (layer: Layer) => void
  /** The chat that the person is asked whether to block. */
  blocking: ChatId | null
  /** Closes whichever is open. */
  onClose: () => void
  me: Person
  shell: ShellView
  conversation: ConversationView | null
  onRoute: (chat: ChatId) => void
  actions: ChatActions
}

export function Layers(props: Props) {
  const { layer, onLayer, blocking, onClose, me, shell, conversation, onRoute, actions } = props
  const { notifications, install } = props
  const waysIn = useChunk(waysInChunk, layer === 'sign-in')
  const other = me.role === 'doctor' ? 'patient' : 'doctor'
  const { mayStart } = useClinic()

  const choose = async (person: Person) => {
    try {
      onRoute(await actions.startChat(person.id))
    } catch {
      throw new Error('A chat with this person could not be started. Look for them again.')
    }
    onClose()
  }

  return (
    <>
      <PersonPicker
        open={layer === 'new-chat'}
        title={`Choose a ${other}`}
        noun={other}
        plural={`${other}s`}
        online={shell.online}
        onClose={onClose}
        findPeople={actions.findPeople}
        onChoose={choose}
        first={
          me.role === 'doctor' && (
            <>
              {mayStart.groups && <NewGroupRow onClick={() => onLayer('new-group')} />}
              <InviteRow onClick={() => onLayer('invite')} />
            </>
          )
        }
      />
      <GroupLayers
        layer={layer}
        onLayer={onLayer}
        me={me}
        online={shell.online}
        conversation={conversation}
        actions={actions}
        onRoute={onRoute}
      />
      <AccountDialog
        open={layer === 'account'}
        me={me}
        notifications={notifications}
        install={install}
        onClose={onClose}
        onHelp={() => onLayer('help')}
        onDevices={() => onLayer('devices')}
        onPassword={() => onLayer('password')}
        onLayer={onLayer}
        onSignOut={() => onLayer('sign-out')}
      />
      <Devices
        open={layer === 'devices'}
        onClose={onClose}
        devices={actions.devices}
        waiting={shell.waiting}
        onSignOutEverywhere={actions.signOutEverywhere}
      />
      <ChangePassword
        open={layer === 'password'}
        onClose={onClose}
        onChange={actions.devices.changePassword}
      />
      <AccessLayers
        layer={layer}
        onLayer={onLayer}
        onClose={onClose}
        me={me}
        online={shell.online}
        access={props.access}
        actions={actions}
      />
      <SignOutDialog
        open={layer === 'sign-out'}
        waiting={shell.waiting}
        onClose={onClose}
        onSignOut={() => actions.signOut()}
      />
      <BlockDialog
        chat={shell.chats.find(({ id }) => id === blocking) ?? null}
        role={me.role}
        onClose={onClose}
        onBlock={async () => {
          if (blocking !== null) await actions.setChatPrefs(blocking, { blocked: true })
        }}
      />
      <SignInDialog
        open={layer === 'sign-in'}
        onClose={onClose}
        onSignIn={actions.signIn}
        others={waysIn.kind === 'here' && <waysIn.parts.OtherWays ports={props} onDone={onClose} />}
      />
      {me.role === 'patient' && <NotesDialog />}
      <HelpDialog open={layer === 'help'} onClose={onClose} />
    </>
  )
}
