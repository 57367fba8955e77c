import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import styles from './toast.module.css'
import { type Toast, type ToastAction, withToast } from './toasts.ts'
import { useCountdown } from './use-countdown.ts'

const SHOWN_FOR = 4000
/** With a way back it stays longer. */
const SHOWN_WITH_ACTION = 7000
/** Goes to the newest way back, from wherever the focus is. */
const KEY = 'F8'

const ToastContext = createContext<(text: string, action?: ToastAction) => void>(() => {})

/** Says that an action was done. Never for what merely happened. */
export const useToast = () => useContext(ToastContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  /** The one that the pointer or the focus is on: time stands still for all of them. */
  const [held, setHeld] = useState<number | null>(null)
  const region = useRef<HTMLElement>(null)
  /** What had the focus before it came to a toast. */
  const before = useRef<Element | null>(null)
  const lastId = useRef(0)

  const show = useCallback((text: string, action?: ToastAction) => {
    const id = ++lastId.current
    setToasts((shown) => withToast(shown, { id, text, action }))
  }, [])
  const leave = useCallback(() => {
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true })
  }, [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== KEY) return
      const [newest] = [...(region.current?.querySelectorAll('button') ?? [])].reverse()
      if (newest === undefined) return
      event.preventDefault()
      newest.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <ToastContext value={show}>
      {children}
      <section
        ref={region}
        className={styles.region}
        aria-label={`What was done (${KEY})`}
        onFocus={({ relatedTarget, currentTarget }) => {
          if (!currentTarget.contains(relatedTarget)) before.current = relatedTarget
        }}
      >
        <ul className={styles.list} aria-live="polite" aria-relevant="additions">
          {toasts.map((toast) => (
            <ToastItem
              key={toast.id}
              toast={toast}
              held={toasts.some(({ id }) => id === held)}
              onHold={(holds) =>
                setHeld((now) => (holds ? toast.id : now === toast.id ? null : now))
              }
              onLeave={leave}
              onClose={() => setToasts((shown) => shown.filter(({ id }) => id !== toast.id))}
            />
          ))}
        </ul>
      </section>
    </ToastContext>
  )
}

interface ItemProps {
  toast: Toast
  held: boolean
  onHold: (holds: boolean) => void
  /** Gives the focus back to what had it. */
  onLeave: () => void
  onClose: () => void
}

function ToastItem({ toast: { text, action }, held, onHold, onLeave, onClose }: ItemProps) {
  const item = useRef<HTMLLIElement>(null)
  useCountdown(action === undefined ? SHOWN_FOR : SHOWN_WITH_ACTION, held, onClose)
  // However it goes, the focus does not go with it.
  useLayoutEffect(() => {
    const element = item.current
    return () => {
      if (element?.contains(document.activeElement)) onLeave()
    }
  }, [onLeave])
  return (
    <li
      ref={item}
      className={styles.toast}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(item.current?.contains(document.activeElement) === true)}
      onFocus={() => onHold(true)}
      onBlur={() => onHold(item.current?.matches(':hover') === true)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onClose()
      }}
    >
      {text}
      {action !== undefined && (
        <button
          type="button"
          className={styles.action}
          aria-keyshortcuts={KEY}
          onClick={() => {
            onClose()
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
    </li>
  )
}
