import type { MessageView } from '@wardline/core/client/views'
import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { isTouch } from '../../ui/platform.ts'
import styles from './attach-tools.module.css'
import { FilePortContext } from './file-port.ts'
import { PickedDialog } from './picked-dialog.tsx'

interface Props {
  replyTo: MessageView['key'] | undefined
  onSent: () => void
}

const accepted = [
  'image/*,application/pdf,audio/*,text/plain,.docx,.xlsx,.pptx,.odt,.ods,.odp',
].join(',')

const filesIn = (data: DataTransfer | null): File[] => [...(data?.files ?? [])]

/** The paperclip, and the other ways in which files come: the clipboard, and a drop anywhere. */
export function AttachTools({ replyTo, onSent }: Props) {
  const port = useContext(FilePortContext)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const [picked, setPicked] = useState<readonly File[] | null>(null)
  const [over, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const take = useCallback((list: readonly File[]) => {
    if (list.length > 0) setPicked((before) => [...(before ?? []), ...list])
  }, [])

  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const pasted = filesIn(event.clipboardData)
      if (pasted.length === 0) return
      event.preventDefault()
      take(pasted)
    }
    const onDrag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      setOver(false)
      const dropped = filesIn(event.dataTransfer)
      if (dropped.length === 0) return
      event.preventDefault()
      take(dropped)
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
        onClose={() => setPicked(null)}
        onSend={async (text, ready) => {
          await port.send(text, ready, replyTo)
          onSent()
        }}
      />
    </>
  )
}
