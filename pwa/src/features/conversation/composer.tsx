import type { ComposerDraft } from '@wardline/core/client/composer-draft'
import type { Person, TimelineItem } from '@wardline/core/client/views'
import {
  type KeyboardEvent,
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { Icon } from '../../ui/icon.tsx'
import { isTouch } from '../../ui/platform.ts'
import styles from './composer.module.css'
import { ComposerBar } from './composer-bar.tsx'
import { composerKey } from './composer-keys.ts'
import type { Composition } from './composition.ts'
import { type MessageKey, messageOf } from './message.ts'
import { PartsContext } from './parts.ts'
import { PatientLine } from './patient-line.tsx'
import { useDraft } from './use-draft.ts'
import { useTyping } from './use-typing.ts'

interface Props {
  composition: Composition
  /** What is saved of it. */
  draft: ComposerDraft
  /** What is loaded of the chat. */
  items: readonly TimelineItem[]
  /** Whom the person writes to, if it is a patient of theirs. */
  patient: Person | null
  /** Resolves when the message is committed to this device's database. */
  onSend: (text: string, replyTo?: MessageKey) => Promise<void>
  /** Resolves as `onSend` does. */
  onEdit: (key: MessageKey, text: string) => Promise<void>
  /** ArrowUp where nothing is written. */
  onEditLast: () => void
  onSent: () => void
  onDraft: (draft: ComposerDraft) => void
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
  const { composition, draft, items, patient, onSend, onEdit, onEditLast, onSent } = props
  const { onDraft, onTyping } = props
  const { replyTo, edit } = useSyncExternalStore(composition.subscribe, composition.get)
  const { text: value, asked } = composition
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const busy = useRef(false)
  const again = useRef(false)
  const { Attach, Voice } = useContext(PartsContext)
  const breaks = isTouch()
  const patientId = useId()
  const { flush, hold } = useDraft(composition, onDraft)
  const { type, stop } = useTyping(onTyping)
  const target = edit?.key ?? replyTo
  const message = target === null ? undefined : messageOf(items, target)
  /** Of the message that is being changed, as it is now. */
  const before = useRef<string | undefined>(undefined)

  useEffect(() => composition.adopt(draft), [composition, draft])

  useLayoutEffect(() => {
    before.current = edit === null ? undefined : message?.text
  }, [edit, message])

  // Not for what was left here earlier: on a phone its keyboard would come up.
  useLayoutEffect(() => {
    if (asked > 0) input.current?.focus({ preventScroll: true })
  }, [asked])

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
    const release = hold()
    try {
      do {
        again.current = false
        const { text, replyTo, edit } = composition.get()
        if ((edit?.text ?? text).trim() === '') break
        if (edit !== null) {
          const words = edit.text.trim()
          if (words !== before.current) await onEdit(edit.key, words)
          composition.edited(edit.key)
          break
        }
        await onSend(text.trim(), replyTo ?? undefined)
        composition.sent(text)
        onSent()
      } while (again.current)
    } catch (error) {
      setProblem(problemText(error, composition.get().edit === null ? 'message' : 'change'))
    } finally {
      release()
      busy.current = false
      setSaving(false)
    }
  }, [composition, onSend, onEdit, onSent, hold, stop])

  const onKeyDown = (event: KeyboardEvent) => {
    const action = composerKey(event.nativeEvent, breaks)
    if (action === 'send') {
      event.preventDefault()
      void send()
    } else if (action === 'leave' && problem !== null) {
      // Esc closes the topmost thing: here the problem, without it the chat.
      event.preventDefault()
      setProblem(null)
    } else if (action === 'edit-last' && value === '' && composition.isPlain) {
      event.preventDefault()
      onEditLast()
    }
  }

  const onFilesSent = () => {
    if (replyTo !== null) composition.leave()
    onSent()
  }
  const Button = value.trim() === '' && edit === null ? Voice : null

  return (
    <div className={styles.composer}>
      {patient !== null && <PatientLine id={patientId} patient={patient} />}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          <Icon name="warning" size={20} />
          <span>{problem}</span>
        </p>
      )}
      {target !== null && (
        <ComposerBar
          kind={edit === null ? 'reply' : 'edit'}
          message={message}
          onCancel={() => composition.leave()}
        />
      )}
      <div className={styles.row}>
        {edit === null && <Attach replyTo={replyTo ?? undefined} onSent={onFilesSent} />}
        <div className={styles.box}>
          <textarea
            ref={input}
            className={styles.input}
            aria-label="Message"
            aria-describedby={patient === null ? undefined : patientId}
            placeholder="Message"
            rows={1}
            dir="auto"
            autoCapitalize="sentences"
            enterKeyHint={breaks ? 'enter' : 'send'}
            value={value}
            onChange={(event) => {
              const text = event.target.value
              composition.write(text)
              if (edit !== null) return
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
        {Button !== null && <Button replyTo={replyTo ?? undefined} onSent={onFilesSent} />}
        <button
          type="button"
          className={styles.send}
          aria-label={edit === null ? 'Send' : 'Save changes'}
          aria-busy={saving}
          disabled={value.trim() === ''}
          // Keeps the focus, and with it a phone's keyboard, in the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => void send()}
        >
          <Icon name={edit === null ? 'send' : 'check'} size={23} />
        </button>
      </div>
    </div>
  )
}
