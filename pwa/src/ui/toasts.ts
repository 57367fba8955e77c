/** Toasts that stand together, the oldest first. */
export interface ToastAction {
  label: string
  run: () => void
}

export interface Toast {
  id: number
  text: string
  action?: ToastAction | undefined
}

/** Most that stand together. */
const MOST = 3

/**
 * With one more. The same words do not stand twice, but a way back stays for each thing that was
 * done; where there are too many, one without a way back goes first.
 */
export const withToast = (toasts: readonly Toast[], toast: Toast): readonly Toast[] => {
  const others = toasts.filter(
    ({ text, action }) => action !== undefined || toast.action !== undefined || text !== toast.text,
  )
  if (others.length < MOST) return [...others, toast]
  const out = others.find(({ action }) => action === undefined) ?? others[0]
  return [...others.filter((other) => other !== out), toast]
}
