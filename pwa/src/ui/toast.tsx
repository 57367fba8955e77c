import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import styles from './toast.module.css'

const SHOWN_FOR = 4000
/** With a way back it stays longer. */
const SHOWN_WITH_ACTION = 7000

interface ToastAction {
  label: string
  run: () => void
}

const ToastContext = createContext<(text: string, action?: ToastAction) => void>(() => {})

/** Says that an action was done. Never for what merely happened. */
export const useToast = () => useContext(ToastContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<{ text: string; action?: ToastAction | undefined } | null>(
    null,
  )
  const show = useCallback((text: string, action?: ToastAction) => setToast({ text, action }), [])
  useEffect(() => {
    if (toast === null) return
    const time = toast.action === undefined ? SHOWN_FOR : SHOWN_WITH_ACTION
    const timer = setTimeout(() => setToast(null), time)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.region} aria-live="polite">
        {toast !== null && (
          <div className={styles.toast}>
            {toast.text}
            {toast.action !== undefined && (
              <button
                type="button"
                className={styles.action}
                onClick={() => {
                  setToast(null)
                  toast.action?.run()
                }}
              >
                {toast.action.label}
              </button>
            )}
          </div>
        )}
      </div>
    </ToastContext>
  )
}
