import { type KeyboardEvent, type ReactNode, useContext, useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { usePressMenu } from '../../ui/use-press-menu.ts'
import { actionsOf, type Message } from './message.ts'
import { ControlsContext } from './message-controls.ts'
import styles from './message-frame.module.css'
import { useSwipeReply } from './use-swipe-reply.ts'

interface Props {
  message: Message
  className: string
  /** The one message that Tab reaches. */
  tabbable: boolean
  /** It was just jumped to. */
  marked: boolean
  bubble: ReactNode
  /** Below the bubble. */
  children: ReactNode
}

/** A message as something to act on: by a menu, by keys, by a swipe. */
export function MessageFrame({ message, className, tabbable, marked, bubble, children }: Props) {
  const controls = useContext(ControlsContext)
  const article = useRef<HTMLElement>(null)
  const more = useRef<HTMLButtonElement>(null)
  const actions = actionsOf(message, controls.canWrite)
  const press = usePressMenu((at) => {
    if (actions.length > 0) controls.openMenu(message, at)
  })
  const swipe = useSwipeReply(
    article,
    actions.includes('reply') ? () => controls.reply(message) : null,
  )
  const openAtButton = () => {
    const edges = more.current?.getBoundingClientRect()
    if (edges !== undefined && actions.length > 0) controls.openMenu(message, edges)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.key !== 'Enter') return
    event.preventDefault()
    openAtButton()
  }

  return (
    <article
      ref={article}
      data-key={message.key}
      data-incoming={message.mine ? undefined : ''}
      data-marked={marked ? '' : undefined}
      className={`${styles.message} ${className}`}
      tabIndex={tabbable ? 0 : -1}
      onKeyDown={onKeyDown}
      onContextMenu={press.onContextMenu}
      onClickCapture={press.onClickCapture}
      onPointerDown={(event) => {
        press.onPointerDown(event)
        swipe.start(event)
      }}
      onPointerMove={(event) => {
        press.onPointerMove(event)
        swipe.move(event)
      }}
      onPointerUp={(event) => {
        press.onPointerUp()
        swipe.end(event)
      }}
      onPointerCancel={() => {
        press.onPointerCancel()
        swipe.cancel()
      }}
    >
      <span className={styles.answer} aria-hidden="true">
        <Icon name="reply" size={20} />
      </span>
      <div className={styles.line}>
        {bubble}
        {actions.length > 0 && (
          <button
            ref={more}
            type="button"
            className={styles.more}
            aria-label="Message actions"
            aria-haspopup="menu"
            tabIndex={tabbable ? 0 : -1}
            onClick={openAtButton}
          >
            <Icon name="more" size={20} />
          </button>
        )}
      </div>
      {children}
    </article>
  )
}
