import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import styles from './toast.module.css'

const SHOWN_FOR = 4000
const ToastContext = createContext<(text: string) => void>(() => {})

/** Says that an action was done. Never for what merely happened. */
export const useToast = () => useContext(ToastContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<{ text: string } | null>(null)
  const show = useCallback((text: string) => setToast({ text }), [])
  useEffect(() => {
    if (toast === null) return
    const timer = setTimeout(() => setToast(null), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.region} aria-live="polite">
        {toast !== null && <div className={styles.toast}>{toast.text}</div>}
      </div>
    </ToastContext>
  )
}
