import type { MessageView } from '@wardline/core/client/model/views'
import { isBlank } from '@wardline/core/text/blank'
import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { isTouch } from '../../base/platform.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import styles from './attach-tools.module.css'
import { FilePortContext } from './file-port.ts'
import { PickedDialog } from './picked-dialog.tsx'

interface Props {
  replyTo: MessageView['key'] | undefined
  /** What is written below files that were picked. */
  caption: string
  onCaption: (caption: string) => void
  /** The files are not sent after all. */
  onLeave: () => void
  /** Words that were dropped beside the field. */
  onText: (text: string) => void
  onSent: () => void
}

const accepted = [
  'image/*,application/pdf,audio/*,text/plain,text/csv,.csv,.docx,.xlsx,.pptx,.odt,.ods,.odp',
].join(',')

const filesIn = (data: DataTransfer | null): File[] => [...(data?.files ?? [])]

/**
 * Whether it is words: a spreadsheet or a word processor puts a picture of them beside them, which
 * nobody can search, copy or have read out. A file has no text with it but, in some browsers, its
 * own name or address.
 */
const holdsWords = (data: DataTransfer | null): boolean => {
  const files = filesIn(data)
  const text = data?.getData('text/plain') ?? ''
  if (files.length === 0 || isBlank(text)) return false
  return files.every(({ type }) => type.startsWith('image/')) && !namesFiles(text, files)
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea') !== null

const namesFiles = (text: string, files: readonly File[]): boolean =>
  text
    .split(/\r?\n/)
    .filter((line) => !isBlank(line))
    .every(
      (line) =>
        /^(?:file|blob):/i.test(line.trim()) ||
        files.some(({ name }) => line.trim().endsWith(name)),
    )

/** The paperclip, and the other ways in which files come: the clipboard, and a drop anywhere. */
export function AttachTools({ replyTo, caption, onCaption, onLeave, onText, onSent }: Props) {
  const port = useContext(FilePortContext)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const [picked, setPicked] = useState<readonly File[] | null>(null)
  const [over, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const insert = useRef(onText)
  useEffect(() => {
    insert.current = onText
  }, [onText])
  const take = useCallback((list: readonly File[]) => {
    if (list.length > 0) setPicked((before) => [...(before ?? []), ...list])
  }, [])

  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const pasted = filesIn(event.clipboardData)
      if (pasted.length === 0 || holdsWords(event.clipboardData)) return
      event.preventDefault()
      take(pasted)
    }
    const onDrag = (event: DragEvent) => {
      const types = event.dataTransfer?.types ?? []
      if (types.includes('Files')) setOver(true)
      else if (!types.includes('text/plain') || isField(event.target)) return
      event.preventDefault()
    }
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      setOver(false)
      const data = event.dataTransfer
      const dropped = filesIn(data)
      const words = dropped.length === 0 ? !isField(event.target) : holdsWords(data)
      const text = words ? (data?.getData('text/plain') ?? '') : ''
      if (dropped.length === 0 && text === '') return
      // Or the browser goes where a link leads, or opens the file in the place of the app.
      event.preventDefault()
      if (words) insert.current(text)
      else take(dropped)
    }
    document.addEventListener('paste', onPaste)
    document.addEventListener('dragover', onDrag)
    document.addEventListener('dragleave', onLeave)
    document.addEventListener('drop', onDrop)
    return () => {
      document.removeEventListener('paste', onPaste)
      document.removeEventListener('dragover', onDrag)
      document.removeEventListener('dragleave', onLeave)
      document.removeEventListener('drop', onDrop)
    }
  }, [take])

  if (port === null) return null
  const onPick = (input: HTMLInputElement) => {
    take([...(input.files ?? [])])
    // So that the same file can be picked again.
    input.value = ''
  }
  const attach = () => {
    const place = button.current?.getBoundingClientRect()
    // Only a phone has a camera worth asking for apart from its files.
    if (isTouch() && place !== undefined) setMenu(place)
    else files.current?.click()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.clip}
        aria-label="Attach files"
        onClick={attach}
      >
        <Icon name="clip" size={23} />
      </button>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        aria-label="Files"
        accept={accepted}
        onChange={(event) => onPick(event.currentTarget)}
      />
      <input
        ref={camera}
        type="file"
        hidden
        aria-label="Photo"
        accept="image/*"
        capture="environment"
        onChange={(event) => onPick(event.currentTarget)}
      />
      {menu !== null && (
        <Menu at={menu} label="Attach" onClose={() => setMenu(null)}>
          <MenuItem icon="camera" onChoose={() => camera.current?.click()}>
            Take a photo
          </MenuItem>
          <MenuItem icon="file" onChoose={() => files.current?.click()}>
            Photos and files
          </MenuItem>
        </Menu>
      )}
      {over && (
        <div className={styles.drop} aria-hidden="true">
          <span>Drop files to send them in this chat</span>
        </div>
      )}
      <PickedDialog
        picked={picked}
        caption={caption}
        onCaption={onCaption}
        onClose={() => {
          setPicked(null)
          onLeave()
        }}
        onSend={async (text, ready) => {
          const outcome = await port.send(text, ready, replyTo)
          if (outcome.kind === 'stored') onSent()
          return outcome
        }}
      />
    </>
  )
}
