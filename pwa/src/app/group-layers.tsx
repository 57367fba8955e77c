import type { ChatId } from '@wardline/core/base/ids'
import type { ConversationView, Person } from '@wardline/core/client/model/views'
import { GroupInfo } from '../features/group-info/group-info.tsx'
import { NewGroup } from '../features/new-chat/new-group.tsx'
import { PersonPicker } from '../features/new-chat/person-picker.tsx'
import type { ChatActions } from './ports.ts'

interface Props {
  layer: string
  onLayer: (layer: 'none' | 'group' | 'add-people') => void
  me: Person
  online: readonly Person['id'][]
  /** The chat on screen. */
  conversation: ConversationView | null
  actions: ChatActions
  onRoute: (chat: ChatId) => void
}

/** Making a group, and what is done with the one on screen. */
export function GroupLayers({ layer, onLayer, me, online, conversation, actions, onRoute }: Props) {
  const { groups, findMembers } = actions
  const close = () => onLayer('none')
  const group = conversation?.chat.kind === 'group' ? conversation : null
  return (
    <>
      <NewGroup
        open={layer === 'new-group'}
        online={online}
        findPeople={findMembers}
        create={groups.create}
        onCreated={(chat) => {
          onRoute(chat)
          close()
        }}
        onClose={close}
      />
      {group !== null && (
        <>
          <GroupInfo
            open={layer === 'group'}
            chat={group.chat}
            members={group.members}
            me={me}
            online={online}
            onRename={(title) => groups.rename(group.chat.id, title)}
            onAdd={() => onLayer('add-people')}
            onRemove={({ id }) => groups.remove(group.chat.id, id)}
            onClose={close}
          />
          <PersonPicker
            open={layer === 'add-people'}
            title="Add people"
            noun="person"
            plural="people"
            online={online}
            without={[me.id, ...group.members.map(({ id }) => id)]}
            findPeople={findMembers}
            onChoose={async ({ id }) => {
              const added = await groups.add(group.chat.id, id)
              if (!added.ok) throw new Error(added.message)
              onLayer('group')
            }}
            onClose={() => onLayer('group')}
          />
        </>
      )}
    </>
  )
}
