import {
  type KeyboardEvent,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { Icon } from '../../ui/icon.tsx'
import { isTouch } from '../../ui/platform.ts'
import styles from './composer.module.css'
import { ComposerBar, type ComposerMode } from './composer-bar.tsx'
import { composerKey, restAfter } from './composer-keys.ts'
import type { MessageKey } from './message.ts'
import { PartsContext } from './parts.ts'
import { useDraft } from './use-draft.ts'
import { useTyping } from './use-typing.ts'

interface Props {
  draft: string
  /** Resolves when the message is committed to this device's database. */
  onSend: (text: string, replyTo?: MessageKey) => Promise<void>
  /** Resolves as `onSend` does. */
  onEdit: (key: MessageKey, text: string) => Promise<void>
  /** Whether it answers or edits a message, rather than writing a new one. */
  mode: ComposerMode | null
  onLeaveMode: () => void
  /** ArrowUp where nothing is written. */
  onEditLast: () => void
  onSent: () => void
  onDraft: (text: string) => void
  onTyping: (typing: boolean) => void
}

const problemText = (error: unknown, what: string): string => {
  const reason = error instanceof Error ? error.message : ''
  return `This device could not save your ${what}. Your text is still here. ${reason}`.trim()
}

/**
 * Where a message is written. What leaves it is saved: the text goes away only once the device's
 * database has it, and whatever was typed meanwhile stays.
 */
export function Composer(props: Props) {
  const { draft, onSend, onEdit, mode, onLeaveMode, onEditLast, onSent, onDraft, onTyping } = props
  const [value, setValue] = useState(draft)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const typed = useRef(value)
  const touched = useRef(false)
  const busy = useRef(false)
  const again = useRef(false)
  const { Attach, Voice } = useContext(PartsContext)
  const breaks = isTouch()
  const { keep, flush } = useDraft(onDraft)
  const { type, stop } = useTyping(onTyping)
  const modeNow = useRef(mode)
  const editing = mode?.kind === 'edit' ? mode.message : null
  /** The draft that waits until the edit is done. */
  const aside = useRef<string | null>(null)

  const change = useCallback((text: string) => {
    typed.current = text
    setValue(text)
  }, [])

  // A draft that another tab saved, or that was read late, until someone types here.
  useEffect(() => {
    if (!touched.current && !busy.current && aside.current === null) change(draft)
  }, [draft, change])

  useLayoutEffect(() => {
    if (editing !== null) {
      aside.current ??= typed.current
      change(editing.text)
    } else if (aside.current !== null) {
      change(aside.current)
      aside.current = null
    }
  }, [editing, change])

  useLayoutEffect(() => {
    modeNow.current = mode
    if (mode !== null) input.current?.focus({ preventScroll: true })
  }, [mode])

  useLayoutEffect(() => {
    const element = input.current
    if (element === null) return
    element.style.blockSize = 'auto'
    const { scrollHeight } = element
    element.style.blockSize = value === '' ? '' : `${scrollHeight}px`
    element.style.overflowY = scrollHeight > element.clientHeight + 1 ? 'auto' : 'hidden'
  }, [value])

  useEffect(() => {
    if (breaks) return
    const element = input.current
    element?.focus({ preventScroll: true })
    element?.setSelectionRange(element.value.length, element.value.length)
  }, [breaks])

  const send = useCallback(async () => {
    if (busy.current) {
      again.current = true
      return
    }
    busy.current = true
    setSaving(true)
    setProblem(null)
    stop()
    try {
      do {
        again.current = false
        const text = typed.current
        if (text.trim() === '') break
        const now = modeNow.current
        if (now?.kind === 'edit') {
          if (text.trim() !== now.message.text) await onEdit(now.message.key, text.trim())
          onLeaveMode()
          break
        }
        await onSend(text.trim(), now?.message.key)
        if (now !== null) onLeaveMode()
        const rest = restAfter(typed.current, text)
        change(rest)
        keep(rest)
        flush()
        onSent()
      } while (again.current)
    } catch (error) {
      setProblem(problemText(error, modeNow.current?.kind === 'edit' ? 'change' : 'message'))
    } finally {
      busy.current = false
      setSaving(false)
    }
  }, [onSend, onEdit, onLeaveMode, onSent, change, keep, flush, stop])

  const onKeyDown = (event: KeyboardEvent) => {
    const action = composerKey(event.nativeEvent, breaks)
    if (action === 'send') {
      event.preventDefault()
      void send()
    } else if (action === 'leave' && problem !== null) {
      // Esc closes the topmost thing: here the problem, without it the chat.
      event.preventDefault()
      setProblem(null)
    } else if (action === 'edit-last' && value === '' && mode === null) {
      event.preventDefault()
      onEditLast()
    }
  }

  const replyTo = mode?.kind === 'reply' ? mode.message.key : undefined
  const onFilesSent = () => {
    if (mode !== null) onLeaveMode()
    onSent()
  }
  const Button = value.trim() === '' && editing === null ? Voice : null

  return (
    <div className={styles.composer}>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          <Icon name="warning" size={20} />
          <span>{problem}</span>
        </p>
      )}
      {mode !== null && <ComposerBar mode={mode} onCancel={onLeaveMode} />}
      <div className={styles.row}>
        {editing === null && <Attach replyTo={replyTo} onSent={onFilesSent} />}
        <div className={styles.box}>
          <textarea
            ref={input}
            className={styles.input}
            aria-label="Message"
            placeholder="Message"
            rows={1}
            dir="auto"
            autoCapitalize="sentences"
            enterKeyHint={breaks ? 'enter' : 'send'}
            value={value}
            onChange={(event) => {
              const text = event.target.value
              touched.current = true
              change(text)
              if (editing !== null) return
              keep(text)
              if (text.trim() === '') stop()
              else type()
            }}
            onKeyDown={onKeyDown}
            onBlur={() => {
              stop()
              flush()
            }}
          />
        </div>
        {Button !== null && <Button replyTo={replyTo} onSent={onFilesSent} />}
        <button
          type="button"
          className={styles.send}
          aria-label={editing === null ? 'Send' : 'Save changes'}
          aria-busy={saving}
          disabled={value.trim() === ''}
          // Keeps the focus, and with it a phone's keyboard, in the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => void send()}
        >
          <Icon name={editing === null ? 'send' : 'check'} size={23} />
        </button>
      </div>
    </div>
  )
}
