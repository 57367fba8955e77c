import { type MouseEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { isTouch } from '../base/platform.ts'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'
import { Icon } from './icon.tsx'

interface Props {
  open: boolean
  title: string
  /** Also on Esc and on a press outside. */
  onClose: () => void
  /** Takes the height it can get, for a list inside. */
  tall?: boolean
  children: ReactNode
}

/**
 * A native modal dialog. The element stays mounted, for only `close()` gives focus back to what
 * had it before; its content lives only while it is open.
 */
export function Dialog({ open, title, onClose, tall = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useLayoutEffect(() => {
    const dialog = element.current
    if (dialog === null || dialog.open === open) return
    if (!open) return dialog.close()
    dialog.showModal()
    // A field to type in comes first, unless that raises a keyboard nobody asked for.
    if (!isTouch()) dialog.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [open])

  const onPress = (event: MouseEvent) => {
    if (event.target === element.current) onClose()
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press on the backdrop; Esc is the key for it.
    <dialog
      ref={element}
      className={classNames(styles.dialog, tall && styles.tall)}
      aria-labelledby={titleId}
      // Also fires for our own close(), when another layer may be open already.
      onClose={() => open && onClose()}
      onClick={onPress}
    >
      {open && (
        <>
          <div className={styles.head}>
            <h2 id={titleId} className={styles.title}>
              {title}
            </h2>
            <Button look="icon" aria-label="Close" onClick={onClose}>
              <Icon name="close" size={22} />
            </Button>
          </div>
          <div className={styles.body}>{children}</div>
        </>
      )}
    </dialog>
  )
}
