import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { ConversationView, MessageInfo } from '@wardline/core/client/model/views'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { copyText } from '../../ui/copy-text.ts'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { useToast } from '../../ui/toast.tsx'
import { writeProblem } from '../../ui/write-problem.ts'
import type { Composition } from './composition.ts'
import {
  lastEditable,
  type Message,
  type MessageAction,
  type MessageKey,
  messageOf,
  nextReaction,
} from './message.ts'
import type { MessageControls } from './message-controls.ts'
import { DeleteDialog, EmojiDialog, HistoryDialog, InfoDialog } from './message-dialogs.tsx'
import { MessageMenu } from './message-menu.tsx'
import type { Jump } from './use-jump.ts'

/** What the application does with messages. What writes never rejects, and says what became of it. */
export interface MessagePort {
  edit: (key: MessageKey, text: string) => Promise<WriteOutcome>
  retract: (key: MessageKey) => Promise<WriteOutcome>
  react: (key: MessageKey, emoji: string) => Promise<WriteOutcome>
  retry: (key: MessageKey) => Promise<WriteOutcome>
  history: (key: MessageKey) => Promise<readonly string[]>
  info: (key: MessageKey) => Promise<readonly MessageInfo[]>
}

type Layer =
  | { kind: 'none' }
  | { kind: 'menu'; key: MessageKey; at: MenuPlace }
  | { kind: 'info' | 'history' | 'delete' | 'emoji'; key: MessageKey }

const none: Layer = { kind: 'none' }

export interface MessageLayer {
  controls: MessageControls
  editLast: () => void
  jump: Jump | null
  /** The open menu or dialog. */
  element: ReactNode
}

/** Everything that a conversation's messages open, and what they give the composer to do. */
export const useMessageLayer = (
  view: ConversationView,
  port: MessagePort,
  composition: Composition,
): MessageLayer => {
  const [layer, setLayer] = useState<Layer>(none)
  const [jump, setJump] = useState<Jump | null>(null)
  const toast = useToast()
  const canWrite = !view.chat.left
  const items = useRef(view.items)
  useEffect(() => {
    items.current = view.items
  }, [view.items])

  const find = useCallback((key: MessageKey) => messageOf(items.current, key), [])
  const close = useCallback(() => setLayer(none), [])
  const editLast = useCallback(() => {
    const message = lastEditable(items.current)
    if (message !== undefined) composition.edit(message)
  }, [composition])

  const told = useCallback(
    (what: string) => (outcome: WriteOutcome) => {
      if (outcome.kind !== 'stored') toast(writeProblem(outcome, what))
    },
    [toast],
  )

  const controls = useMemo((): MessageControls => {
    return {
      canWrite,
      find,
      openMenu: ({ key }, at) => setLayer({ kind: 'menu', key, at }),
      reply: ({ key }) => composition.reply(key),
      react: (message, emoji) =>
        void port.react(message.key, nextReaction(message, emoji)).then(told('reaction')),
      showHistory: ({ key }) => setLayer({ kind: 'history', key }),
      showInfo: ({ key }) => setLayer({ kind: 'info', key }),
      jump: (key) => setJump({ key }),
      retry: ({ key }) => void port.retry(key).then(told('message')),
      copy: ({ text }) => void copyText(text, toast),
      remove: ({ key }) => setLayer({ kind: 'delete', key }),
    }
  }, [canWrite, find, port, toast, told, composition])

  const choose = (message: Message, action: MessageAction) => {
    switch (action) {
      case 'react':
        return setLayer({ kind: 'emoji', key: message.key })
      case 'reply':
        return controls.reply(message)
      case 'copy':
        return controls.copy(message)
      case 'edit':
        return composition.edit(message)
      case 'info':
        return controls.showInfo(message)
      case 'retry':
        return controls.retry(message)
      case 'delete':
      case 'discard':
        return controls.remove(message)
    }
  }

  const message = (layer.kind === 'none' ? undefined : messageOf(view.items, layer.key)) ?? null
  const shown = (kind: Layer['kind']) => (layer.kind === kind ? message : null)
  const remove = () => {
    if (message === null) return
    void port.retract(message.key).then((outcome) => {
      // What is not gone can still be answered and changed.
      if (outcome.kind === 'stored') composition.forget(message.key)
      told('change')(outcome)
    })
  }

  const info = useCallback(({ key }: Message) => port.info(key), [port])
  const history = useCallback(({ key }: Message) => port.history(key), [port])
  const element = (
    <>
      {layer.kind === 'menu' && message !== null && (
        <MessageMenu
          message={message}
          at={layer.at}
          canWrite={canWrite}
          onChoose={(action) => choose(message, action)}
          onReact={(emoji) => controls.react(message, emoji)}
          onClose={close}
        />
      )}
      <InfoDialog message={shown('info')} onClose={close} info={info} />
      <HistoryDialog message={shown('history')} onClose={close} history={history} />
      <DeleteDialog message={shown('delete')} onClose={close} onDelete={remove} />
      <EmojiDialog
        message={shown('emoji')}
        onClose={close}
        onReact={(emoji) => message !== null && controls.react(message, emoji)}
      />
    </>
  )
  return { controls, editLast, jump, element }
}
