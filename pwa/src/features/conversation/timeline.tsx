import type { ConversationView } from '@wardline/core/client/model/views'
import {
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Virtualizer } from 'virtua'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useClockSettings } from '../../ui/clock-settings.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { dayText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import { TypingDots } from '../../ui/typing-dots.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useSteady } from '../../ui/use-steady.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { FloatingDay } from './dividers.tsx'
import type { MessageKey } from './message.ts'
import { ControlsContext } from './message-controls.ts'
import { MessageRow } from './message-row.tsx'
import { buildRows } from './rows.ts'
import styles from './timeline.module.css'
import { typingText } from './typing-text.ts'
import { unreadAboveText } from './unread-above.ts'
import { dividers, type UnreadAtOpening, unreadAtOpening, withOlder } from './unread-divider.ts'
import { useFloatingDay } from './use-floating-day.ts'
import { type Jump, useJump } from './use-jump.ts'
import { useMessageFocus } from './use-message-focus.ts'
import { useOlder } from './use-older.ts'
import { useSteppedItems } from './use-stepped-items.ts'
import { useTimelineScroll } from './use-timeline-scroll.ts'
import { useUnreadAbove } from './use-unread-above.ts'
import { useVisibleMessages } from './use-visible-messages.ts'

/** Older pages load this far before they are needed (px). */
const AHEAD = 900
/** Room above the first row: a word about the beginning, or that more is loading (rem). */
const HEAD = 4.5
/** The slot below the last row: the typing bubble, and space. */
const TAIL = 'tail'

interface Props {
  view: ConversationView
  /** Grows with each message sent from this composer. */
  sent: number
  /** A message to go to. */
  jump: Jump | null
  onLoadOlder: () => Promise<void>
  onVisible: (keys: MessageKey[]) => void
}

const NONE: ReadonlyMap<string, number> = new Map()

/** Where dividers stand, above what was unread at the opening. */
const useDividers = (
  items: ConversationView['items'],
  { chat, unreadBefore, incomplete }: ConversationView,
): ReadonlyMap<string, number> => {
  // Undecided until the first page is there, and while what waits at the server is on its way: that
  // was unread at opening, too.
  const [opening, setOpening] = useState<UnreadAtOpening | undefined>(undefined)
  const now = opening === undefined ? unreadAtOpening(items) : withOlder(opening, items)
  const isOld = unreadBefore !== null || (chat.unread === 0 && !incomplete)
  if (opening !== now && (opening !== undefined || now.keys.size > 0 || isOld)) setOpening(now)
  return useMemo(() => (opening === undefined ? NONE : dividers(items, opening)), [items, opening])
}

export function Timeline({ view, sent, jump, onLoadOlder, onVisible }: Props) {
  const { chat, hasOlder } = view
  const controls = useContext(ControlsContext)
  const now = useNow()
  const margin = useMemo(
    () => HEAD * Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    [],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const items = useSteady(view.items, scroller)
  const { drawn, change } = useSteppedItems(items)
  const unread = useDividers(drawn, view)
  const clock = useClockSettings()
  // What is a day depends on where the device is.
  const rows = useMemo(() => buildRows(drawn, unread), [drawn, unread, clock])
  const slots = useMemo(() => [...rows, TAIL] as const, [rows])
  const rowsNow = useRef(rows)
  useLayoutEffect(() => {
    rowsNow.current = rows
  }, [rows])

  const { older, load, loadWhenNear } = useOlder(onLoadOlder, hasOlder)
  const scrollerNow = useRef<HTMLElement | null>(null)
  const look = useVisibleMessages(scrollerNow, onVisible)
  const moved = useRef<(scroller: HTMLElement) => void>(() => {})
  const onMove = useCallback(
    (scroller: HTMLElement) => {
      scrollerNow.current = scroller
      moved.current(scroller)
      look()
      if (scroller.scrollTop < AHEAD) loadWhenNear()
    },
    [look, loadWhenNear],
  )

  // Where the talk goes on; what arrived late above that is one press away.
  const opensAt = (): number | null => {
    const last = [...unread.keys()].at(-1)
    return last === undefined ? null : drawn.findIndex((item) => item.key === last)
  }
  const scroll = useTimelineScroll({
    scroller,
    items: drawn,
    change,
    openAt: opensAt(),
    sent,
    margin,
    onMove,
  })
  const toast = useToast()
  const onMissing = useCallback(() => toast('That message is not on this device'), [toast])
  const marked = useJump({
    jump,
    items: drawn,
    hasOlder,
    older,
    ready: scroll.ready && drawn === view.items,
    load,
    toItem: scroll.toItem,
    onMissing,
  })
  const focus = useMessageFocus(drawn)
  const floating = useFloatingDay(rowsNow, scroll.list, margin)
  const [above, lookAbove] = useUnreadAbove(
    { items: drawn, unreadBefore: view.unreadBefore },
    scroll.list,
  )
  useLayoutEffect(() => {
    moved.current = (element) => {
      floating.update(element)
      lookAbove(element)
    }
  }, [floating.update, lookAbove])

  // What arrived may stand in view without anything having moved.
  useEffect(() => {
    if (!scroll.ready) return
    scrollerNow.current = scroller.current
    look()
    if (scroller.current !== null) lookAbove(scroller.current)
  }, [drawn, view.unreadBefore, scroll.ready, look, lookAbove])

  const typing = useSteady(typingText(chat.typing), scroller)
  const { onResize } = scroll
  useEffect(() => onResize(), [typing, view.incomplete, view.restoring, older, onResize])

  const named = chat.kind === 'group'

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={`Conversation with ${chat.title}`}
        className={classNames(styles.scroller, !scroll.ready && styles.opening)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard.
        tabIndex={0}
        onFocus={focus.onFocus}
        onKeyDown={focus.onKeyDown}
      >
        {drawn.length === 0 ? (
          <div className={styles.empty}>
            {older !== 'loading' && !hasOlder && !view.incomplete && (
              <EmptyState
                title={chat.left ? 'No messages on this device' : 'No messages yet'}
                text={
                  chat.left
                    ? 'You were a member of this chat, and are no longer.'
                    : `Write to ${chat.title}. Your message is saved on this device right away.`
                }
              />
            )}
          </div>
        ) : (
          <>
            <div className={styles.spacer} />
            <div className={styles.head} style={{ blockSize: margin }}>
              {older === 'loading' && (
                <span className={styles.loading}>
                  <Spinner /> Loading older messages
                </span>
              )}
              {older === 'failed' && (
                <span>
                  Older messages could not be loaded.
                  <Button look="text" onClick={load}>
                    Retry
                  </Button>
                </span>
              )}
              {!hasOlder && older === 'idle' && (
                <span>This is where your conversation begins.</span>
              )}
            </div>
          </>
        )}
        <Virtualizer
          ref={scroll.list}
          scrollRef={scroller}
          startMargin={drawn.length === 0 ? 0 : margin}
          shift={change.kind === 'grown' && change.before > 0}
          bufferSize={600}
          data={slots}
          onScroll={scroll.onScroll}
          onResize={scroll.onResize}
        >
          {(row) =>
            row === TAIL ? (
              <div key={TAIL} className={styles.tail}>
                {typing !== '' && (
                  <div className={styles.typing}>
                    <span className={styles.bubble}>
                      <TypingDots />
                      <VisuallyHidden>{typing}</VisuallyHidden>
                    </span>
                  </div>
                )}
                {(view.restoring || view.incomplete) && (
                  <p className={styles.behind}>
                    {view.restoring
                      ? 'Part of this conversation is being restored. Your messages are safe on this device and will be sent.'
                      : 'Some messages are not on this device yet. They arrive when you are connected.'}
                  </p>
                )}
              </div>
            ) : (
              <MessageRow
                key={row.item.key}
                item={row.item}
                dayLabel={row.opensDay ? dayText(row.day, now) : null}
                unread={row.divider}
                joinsPrevious={row.joinsPrevious}
                joinsNext={row.joinsNext}
                named={named}
                tabbable={row.item.key === focus.tabbable}
                marked={row.item.key === marked}
              />
            )
          }
        </Virtualizer>
      </div>
      <FloatingDay
        label={floating.day === null || !scroll.ready ? '' : dayText(floating.day, now)}
        pillRef={floating.pill}
      />
      {above !== null && scroll.ready && (
        <button type="button" className={styles.above} onClick={() => controls.jump(above.first)}>
          <Icon name="up" size={18} />
          {unreadAboveText(above, now)}
        </button>
      )}
      {scroll.away && (
        <button
          type="button"
          className={styles.jump}
          aria-label={scroll.unseen > 0 ? `Jump to latest, ${scroll.unseen} new` : 'Jump to latest'}
          onClick={() => scroll.toEnd(true)}
        >
          <Icon name="down" size={24} />
          {scroll.unseen > 0 && (
            <span className={styles.count}>{scroll.unseen > 99 ? '99+' : scroll.unseen}</span>
          )}
        </button>
      )}
    </div>
  )
}
