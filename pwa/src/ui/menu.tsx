import {
  type CSSProperties,
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { createPortal } from 'react-dom'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'
import styles from './menu.module.css'
import { type MenuPlace, placeMenu } from './menu-place.ts'
import { menuStep } from './menu-step.ts'
import { press } from './use-steady.ts'

interface Props {
  /** The point, or the edges of the button, that it opens at; in pixels of the window. */
  at: MenuPlace
  label: string
  /** Also on Esc, on Tab, on a press outside, and when the window changes its size. */
  onClose: () => void
  children: ReactNode
}

const ChooseContext = createContext<(run: () => void) => void>(() => {})

const itemsIn = (menu: HTMLElement | null): HTMLElement[] => [
  ...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
]

/**
 * A menu over everything else. Focus goes to its first item and, at the end, back to what had it,
 * before the chosen action runs.
 */
export function Menu({ at, label, onClose, children }: Props) {
  const menu = useRef<HTMLDivElement>(null)
  const opener = useRef<Element | null>(null)
  const pressed = useRef(false)
  /** The press that opened it goes on. */
  const opening = useRef(false)
  const [style, setStyle] = useState<CSSProperties>({ visibility: 'hidden' })

  useLayoutEffect(() => {
    opener.current = document.activeElement
    const element = menu.current
    if (element === null) return
    const { offsetWidth: width, offsetHeight: height } = element
    const view = { width: window.innerWidth, height: window.innerHeight }
    const place = placeMenu(at, { width, height }, view, getComputedStyle(element).direction)
    setStyle({ left: place.left, top: place.top, transformOrigin: place.origin })
  }, [at])

  useLayoutEffect(() => {
    const first = press.get()
    if (first === null) return
    opening.current = true
    return press.subscribe(() => {
      if (press.get() !== first) opening.current = false
    })
  }, [])

  const visible = style.visibility !== 'hidden'
  useEffect(() => {
    if (visible) itemsIn(menu.current)[0]?.focus({ preventScroll: true })
  }, [visible])

  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  }, [onClose])
  useEffect(() => {
    const onResize = () => close.current()
    window.addEventListener('resize', onResize)
    return () => window.removeEventListener('resize', onResize)
  }, [])

  const leave = () => {
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true })
    onClose()
  }
  const choose = (run: () => void) => {
    leave()
    run()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      return leave()
    }
    const items = itemsIn(menu.current)
    const index = items.indexOf(document.activeElement as HTMLElement)
    const words = items.map((item) => item.textContent ?? '')
    const rows = items.map((item) => item.dataset.row !== undefined)
    const next = menuStep(event.key, index, words, rows)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    items[next]?.focus({ preventScroll: true })
  }

  return createPortal(
    <ChooseContext value={choose}>
      {/* A landmark, for it lies beside those of the page. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a press outside; Esc is the key for it. */}
      <section
        aria-label={label}
        className={styles.layer}
        onPointerDownCapture={() => {
          pressed.current = true
        }}
        onClickCapture={(event) => {
          // The end of the press that opened the menu chooses nothing, and is no press outside.
          if (opening.current && event.detail > 0) event.stopPropagation()
        }}
        onClick={(event) => {
          if (pressed.current && event.target === event.currentTarget) leave()
        }}
        onContextMenu={(event) => {
          event.preventDefault()
          if (event.target === event.currentTarget && event.button === 2) leave()
        }}
      >
        <div
          ref={menu}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          className={classNames(styles.menu, visible && styles.open)}
          style={style}
          onKeyDown={onKeyDown}
        >
          {children}
        </div>
      </section>
    </ChooseContext>,
    document.body,
  )
}

interface ItemProps {
  icon: IconName
  /** For what cannot be taken back. */
  danger?: boolean
  onChoose: () => void
  children: ReactNode
}

export function MenuItem({ icon, danger = false, onChoose, children }: ItemProps) {
  const choose = useContext(ChooseContext)
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={classNames(styles.item, danger && styles.danger)}
      onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
      onClick={() => choose(onChoose)}
    >
      <Icon name={icon} size={20} />
      {children}
    </button>
  )
}

/** Several choices side by side, above the items. */
export const MenuStrip = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/useSemanticElements: a group inside a menu, not of a form.
  <div role="group" aria-label={label} className={styles.strip}>
    {children}
  </div>
)

interface MarkProps {
  label: string
  /** Whether it is the choice now; undefined for an action. */
  checked?: boolean
  onChoose: () => void
  children: ReactNode
}

/** One choice of a strip. */
export function MenuMark({ label, checked, onChoose, children }: MarkProps) {
  const choose = useContext(ChooseContext)
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: only with the role that has it.
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={checked}
      aria-label={label}
      data-row=""
      tabIndex={-1}
      className={styles.mark}
      onClick={() => choose(onChoose)}
    >
      {children}
    </button>
  )
}
