/** The picker itself, with its emoji: loaded when it is first opened. */
import {
  EmojiPicker,
  type EmojiPickerListCategoryHeaderProps,
  type EmojiPickerListEmojiProps,
  type EmojiPickerListRowProps,
} from 'frimousse'
import { type AriaAttributes, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { isTouch } from '../../base/platform.ts'
import styles from './emoji.module.css'
import { emojiData } from './emoji-data.ts'
import { recentEmoji, rememberEmoji, rememberTone, toneNow } from './recent-emoji.ts'

/** Side of an emoji's target, px. */
const CELL = 44
/** Where a screen is not yet measured. */
const COLUMNS = 7

export function EmojiChooser({ onChoose }: { onChoose: (emoji: string) => void }) {
  const frame = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const [columns, setColumns] = useState(COLUMNS)
  // Those of when it opened: they do not move under a finger.
  const [recent] = useState(recentEmoji)
  const [tone] = useState(toneNow)

  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const measure = () => setColumns(Math.max(1, Math.floor(element.clientWidth / CELL)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // On a phone it would raise the keyboard, which nobody asked for.
  useEffect(() => {
    if (!isTouch()) search.current?.focus({ preventScroll: true })
  }, [])

  return (
    <EmojiPicker.Root
      className={styles.root}
      columns={columns}
      skinTone={tone}
      resolveEmojiData={() => emojiData(recent)}
      onEmojiSelect={({ emoji }) => {
        rememberEmoji(emoji)
        onChoose(emoji)
      }}
    >
      <div className={styles.head}>
        <EmojiPicker.Search
          ref={search}
          className={styles.search}
          aria-label="Search emoji"
          placeholder="Search"
        />
        <EmojiPicker.SkinTone emoji="✋">
          {({ skinTone, setSkinTone, skinToneVariations }) => (
            <select
              className={styles.tone}
              aria-label="Skin tone"
              value={skinTone}
              onChange={({ target }) => {
                const chosen = skinToneVariations.find((one) => one.skinTone === target.value)
                if (chosen === undefined) return
                rememberTone(chosen.skinTone)
                setSkinTone(chosen.skinTone)
              }}
            >
              {skinToneVariations.map((one) => (
                <option key={one.skinTone} value={one.skinTone}>
                  {one.emoji}
                </option>
              ))}
            </select>
          )}
        </EmojiPicker.SkinTone>
      </div>
      <EmojiPicker.Viewport
        className={styles.viewport}
        tabIndex={0}
        role="group"
        aria-label="Emoji"
      >
        <EmojiPicker.Empty>
          {({ search }) => <p className={styles.empty}>No emoji is called “{search}”</p>}
        </EmojiPicker.Empty>
        <div ref={frame}>
          <EmojiPicker.List className={styles.list} aria-label="Emoji" components={components} />
        </div>
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  )
}

/** A grid's rows and columns are counted from one; the library counts from zero. */
const fromOne = <T extends AriaAttributes>(props: T): T => {
  const { 'aria-rowindex': row, 'aria-colindex': column } = props
  return {
    ...props,
    ...(row !== undefined && { 'aria-rowindex': row + 1 }),
    ...(column !== undefined && { 'aria-colindex': column + 1 }),
  }
}

const components = {
  CategoryHeader: ({ category, ...props }: EmojiPickerListCategoryHeaderProps) => (
    <div {...props} className={styles.group}>
      {category.label}
    </div>
  ),
  Row: (props: EmojiPickerListRowProps) => <div {...fromOne(props)} />,
  // The picture is drawn by the style sheet: what it is called is its name, and its only text.
  Emoji: ({ emoji, ...props }: EmojiPickerListEmojiProps) => (
    <button {...fromOne(props)} type="button" className={styles.cell} data-emoji={emoji.emoji} />
  ),
}
